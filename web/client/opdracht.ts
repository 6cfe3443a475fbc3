/** An order of the server to this device: to erase, or to fetch everything anew. */
import { text, unb64u, utf8 } from './bytes.ts';
import { isSigned } from './sleutel.ts';

/** The key of the server, from the enrolment or the handshake. */
export type Opdrachtsleutel = { readonly kid: string; readonly x: string; readonly y: string };

export interface Opdracht {
  readonly soort: string;
  readonly onverzondenWissen: boolean;
  /** To hand back when it is done. */
  readonly brief: string;
}

/**
 * The order, if that server signed it for this device; otherwise null: then do nothing.
 * Whether it is still in time does not matter here: to erase too late is better than not to erase.
 */
export async function readOrder(brief: string, server: Opdrachtsleutel, toestel: string): Promise<Opdracht | null> {
  try {
    const [head = '', body = '', signature = '', ...more] = brief.split('.');
    const header = JSON.parse(text(unb64u(head))), claims = JSON.parse(text(unb64u(body)));
    if (more.length || header.alg !== 'ES256' || header.typ !== 'veldboek-opdracht+jwt' || header.kid !== server.kid) return null;
    if (!(await isSigned(server, unb64u(signature), utf8(`${head}.${body}`)))) return null;
    if (claims.sub !== toestel) return null;
    return { soort: String(claims.opdracht), onverzondenWissen: claims.onverzonden_wissen === true, brief };
  } catch {
    return null; // no order at all
  }
}
