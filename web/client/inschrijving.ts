/** Enrolling this device: scan the code, sign in, prove the key. Then a second person has to approve it. */
import type { Opdrachtsleutel } from './opdracht.ts';
import type { Sleutel } from './sleutel.ts';
import type { Verbinding } from './verbinding.ts';

/** What the QR code of the administrator holds. */
export interface Uitnodiging {
  readonly adres: string;
  readonly origin: string;
  readonly code: string;
}

/** null when the text is no invitation of Veldboek. */
export function readUitnodiging(qr: string): Uitnodiging | null {
  const [, asked] = /^veldboek:inschrijven\?(.*)$/.exec(qr.trim()) ?? [];
  const found = new URLSearchParams(asked ?? '');
  const [adres, origin, code] = [found.get('adres'), found.get('origin'), found.get('code')];
  return adres && origin && code && found.size === 3 ? { adres, origin, code } : null;
}

/** Keep all of it: which device this is now, on which ledger, and the key by which to know an order. */
export interface Ingeschreven {
  readonly toestel: string;
  readonly origin: string;
  readonly opdrachtsleutel: Opdrachtsleutel;
}

/**
 * Uses the code, on a connection that signed in without a device. Cut off: simply call it again.
 * Throws ApiProbleem: `inschrijfcode-ongeldig` (ask for a new code), `aanmelding-niet-vers` (sign in anew).
 * The app states here that it keeps everything sealed; one that does not must not enrol.
 */
export async function enrol(
  verbinding: Verbinding,
  { code, origin }: Uitnodiging,
  sleutel: Sleutel,
  { platform, appVersie }: { platform: string; appVersie: string },
): Promise<Ingeschreven> {
  const bewijs = await sleutel.prove(code, origin);
  return verbinding.post('/toestellen/inschrijving', {
    ...{ code, sleutel: sleutel.jwk, bewijs, platform, appVersie },
    ...{ opslagVersleuteld: true, ondertekent: true },
  });
}
