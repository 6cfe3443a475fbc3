/** Bytes and text, as the ledger writes them. */

export type Bytes = Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

export const utf8 = (text: string): Bytes => encoder.encode(text);
export const text = (bytes: Bytes): string => decoder.decode(bytes);

/** One after another. */
export function joined(...parts: Bytes[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function base64(bytes: Bytes): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** base64url without padding. */
export const b64u = (bytes: Bytes): string => base64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

/** The bytes of base64url without padding. Throws for anything else. */
export function unb64u(given: string): Bytes {
  if (!/^[\w-]*$/.test(given)) throw new TypeError('no base64url');
  return Uint8Array.from(atob(given.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
}

export const hex = (bytes: Bytes): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

export const sha256 = async (bytes: Bytes): Promise<Bytes> => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));

export const random = (many: number): Bytes => crypto.getRandomValues(new Uint8Array(many));

/** A new id for a document, in the order of time: a UUIDv7. */
export function uuid7(now = Date.now()): string {
  const time = now.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${crypto.randomUUID().slice(15)}`;
}

/** The sixteen bytes of a UUID. */
export const uuidBytes = (ident: string): Bytes =>
  Uint8Array.from(ident.replaceAll('-', '').match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
