/** The key of a device (P-256), which cannot leave it. Signatures are ECDSA over SHA-256, r || s, in base64url. */
import { b64u, type Bytes, joined, random, sha256, unb64u, utf8 } from './bytes.ts';
import { jcs } from './jcs.ts';

const ECDSA = { name: 'ECDSA', hash: 'SHA-256' };
const P256 = { name: 'ECDSA', namedCurve: 'P-256' };

/** A public key, in the order in which the ledger writes it. */
export type Jwk = { readonly crv: 'P-256'; readonly kty: 'EC'; readonly x: string; readonly y: string };

export class Sleutel {
  /** What is kept: IndexedDB holds it, and gives nobody its private half. */
  readonly paar: CryptoKeyPair;
  readonly jwk: Jwk;
  /** The RFC 7638 thumbprint, by which the ledger knows it. */
  readonly id: string;

  private constructor(paar: CryptoKeyPair, jwk: Jwk, id: string) {
    [this.paar, this.jwk, this.id] = [paar, jwk, id];
  }

  /** A new key: each enrolment needs its own. */
  static async generate(): Promise<Sleutel> {
    return Sleutel.of(await crypto.subtle.generateKey(P256, false, ['sign', 'verify']));
  }

  static async of(paar: CryptoKeyPair): Promise<Sleutel> {
    const { x, y } = await crypto.subtle.exportKey('jwk', paar.publicKey);
    if (!x || !y) throw new TypeError('no key on P-256');
    const jwk: Jwk = { crv: 'P-256', kty: 'EC', x, y };
    return new Sleutel(paar, jwk, b64u(await sha256(utf8(jcs(jwk)))));
  }

  async sign(message: Bytes): Promise<string> {
    return b64u(new Uint8Array(await crypto.subtle.sign(ECDSA, this.paar.privateKey, message)));
  }

  /** Shows, for one code and one ledger, that the private half of this key is here. */
  prove(code: string, origin: string): Promise<string> {
    return this.sign(joined(utf8('veldboek/inschrijving/v1\n'), utf8(jcs({ code, origin, sleutel: this.jwk }))));
  }
}

/** Whether the holder of `jwk` made `signature` over `message`. */
export async function isSigned(jwk: { x: string; y: string }, signature: Bytes, message: Bytes): Promise<boolean> {
  const { x, y } = jwk;
  const key = await crypto.subtle.importKey('jwk', { crv: 'P-256', kty: 'EC', x, y }, P256, false, ['verify']);
  return crypto.subtle.verify(ECDSA, key, signature, message);
}

/** Whether this key is one that signs: some devices keep a key and give back something else. Ask it after a restart too. */
export async function works(sleutel: Sleutel): Promise<boolean> {
  const message = random(32);
  return isSigned(sleutel.jwk, unb64u(await sleutel.sign(message)), message);
}
