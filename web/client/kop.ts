/**
 * What a device signs: the KOP of each operation, with commitments to its sections (docs/ontwerp/grootboek.md).
 *
 *     KOP  = {"v":1, "origin", "op", "k", "t", "n", "prev", "c":[seven commitments]}
 *     C    = SHA-256("veldboek/sectie/v1\0" || u8(len(name)) || name || 16 bytes of op || 32-byte salt || section)
 *     hand = ECDSA P-256 over "veldboek/kop/v1\n" || JCS(KOP)
 *
 * Never the payload itself: whoever keeps a signature over an unsalted payload can guess what was in it.
 */
import { b64u, type Bytes, joined, random, sha256, utf8, uuidBytes } from './bytes.ts';
import { type Json, jcs } from './jcs.ts';
import { ELDERS, SECTIES, type Sectie } from './secties.ts';
import type { Sleutel } from './sleutel.ts';

/** An operation as it goes over the wire, without its number and its signature. */
export interface Operatie {
  readonly opId: string;
  readonly soort: string;
  readonly versie: number;
  readonly onderwerp: Readonly<Record<string, string>>;
  readonly waargenomenOp: string;
  readonly vastgelegdOp?: string;
  readonly oefening?: boolean;
  readonly inhoud: { readonly [name: string]: Json | undefined };
  readonly bijlagen?: readonly Json[];
  readonly corrigeert?: string;
  readonly basis?: string;
  readonly reden?: string;
}

/** What goes with the operation; `hash` of this KOP is the `prev` of the next. */
export interface Ondertekend {
  readonly velden: { readonly kop: Json; readonly hand: string; readonly zouten: readonly (string | null)[] };
  readonly hash: string;
}

const [OPERATIE, CORRECTIE, ZOUT] = [1, 2, 32];
/** Kinds that change what earlier entries amount to: of class 2, as corrections are. */
const HERZIET = new Set(['doorhaling', 'verschil.beoordeeld']);

/** The sections of an operation, each in canonical JSON; null for a kind that this app does not sign. */
export function sectionsOf(op: Operatie): Map<Sectie, Bytes> | null {
  const elsewhere = ELDERS[op.soort];
  if (!elsewhere) return null;
  const { soort, versie, onderwerp, waargenomenOp } = op;
  const more = Object.entries({ vastgelegdOp: op.vastgelegdOp, corrigeert: op.corrigeert, basis: op.basis });
  const parts = new Map<Sectie, Record<string, Json>>([
    ['omslag', { soort, versie, onderwerp, waargenomenOp, oefening: op.oefening ?? false }],
  ]);
  const put = (sectie: Sectie, name: string, value: Json) => parts.set(sectie, { ...parts.get(sectie), [name]: value });
  for (const [name, value] of more) if (value) put('omslag', name, value);
  if (op.bijlagen?.length) put('omslag', 'bijlagen', op.bijlagen);
  for (const [name, value] of Object.entries(op.inhoud)) if (value !== undefined) put(elsewhere[name] ?? 'zaak', name, value);
  if (op.reden !== undefined) put(soort.startsWith('mensenhandelsignaal.') ? 'mensenhandel' : 'tekst', 'redenCorrectie', op.reden);
  return new Map([...parts].map(([sectie, part]) => [sectie, utf8(jcs(part))]));
}

/** The commitment to the bytes of one section. */
export function commit(sectie: Sectie, opId: string, salt: Bytes, content: Bytes): Promise<Bytes> {
  const name = utf8(sectie);
  return sha256(joined(utf8('veldboek/sectie/v1\0'), Uint8Array.of(name.length), name, uuidBytes(opId), salt, content));
}

/** null for a kind that this app does not sign. */
export async function signOp(
  sleutel: Sleutel,
  origin: string,
  op: Operatie,
  { seq, prev, draw = random }: { seq: number; prev: string | null; draw?: (many: number) => Bytes },
): Promise<Ondertekend | null> {
  const sections = sectionsOf(op);
  if (!sections) return null;
  const commitments: string[] = [];
  const zouten: (string | null)[] = [];
  for (const sectie of SECTIES) {
    const drawn = draw(ZOUT), content = sections.get(sectie);
    commitments.push(b64u(content ? await commit(sectie, op.opId, drawn, content) : drawn));
    zouten.push(content ? b64u(drawn) : null);
  }
  const k = op.corrigeert !== undefined || HERZIET.has(op.soort) ? CORRECTIE : OPERATIE;
  const kop = { v: 1, origin, op: op.opId, k, t: sleutel.id, n: seq, prev, c: commitments };
  const written = utf8(jcs(kop));
  const hand = await sleutel.sign(joined(utf8('veldboek/kop/v1\n'), written));
  return { velden: { kop, hand, zouten }, hash: b64u(await sha256(written)) };
}
