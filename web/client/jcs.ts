/** Canonical JSON (RFC 8785), of what the ledger takes: whole numbers below 2^53, no lone surrogates. */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json | undefined };

/** Throws TypeError for what cannot be sealed. A member that is undefined is absent. */
export function jcs(value: Json): string {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) throw new TypeError('only whole numbers can be sealed');
  if (typeof value === 'string' && !value.isWellFormed()) throw new TypeError('half a character cannot be sealed');
  if (Array.isArray(value)) return `[${value.map(jcs).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const members = Object.entries(value as Record<string, Json | undefined>);
  return `{${members
    .filter((member): member is [string, Json] => member[1] !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1)) // by UTF-16 code units, as JavaScript compares
    .map(([name, each]) => `${jcs(name)}:${jcs(each)}`)
    .join(',')}}`;
}
