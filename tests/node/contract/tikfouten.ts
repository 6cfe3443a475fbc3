/** Typing errors. Each line below an `@ts-expect-error` has one, and compiles without that comment only if it has none. */
import createClient from 'openapi-fetch';
import type { components, paths } from './api.d.ts';

type Schemas = components['schemas'];
type Operatie = Schemas['Operatie'];

const id = '0199f0a0-0000-7000-8000-00000000000a';
const op = { opId: id, waargenomenOp: '2026-08-19T23:10:00+02:00' };
const rol = { rol: 'sekswerker', hoedanigheid: 'toezicht' } as const;
const start = { benadering: 'aangebeld', situatie: 'toegang_verleend', hoedanigheid: 'toezicht' } as const;
const over = { controle: id, persoon: id };
export const goed: Operatie[] = [
  { ...op, soort: 'persoon.aangetroffen', versie: 2, onderwerp: over, inhoud: rol },
  { ...op, soort: 'controle.gestart', versie: 3, onderwerp: { controle: id, locatie: id }, inhoud: start },
];
export const fout: Operatie[] = [
  // @ts-expect-error a kind that there is not
  { ...op, soort: 'persoon.aangetrofen', versie: 2, onderwerp: over, inhoud: rol },
  // @ts-expect-error the content of another kind
  { ...op, soort: 'persoon.aangetroffen', versie: 2, onderwerp: over, inhoud: start },
  // @ts-expect-error a version that this content is not of
  { ...op, soort: 'persoon.aangetroffen', versie: 1, onderwerp: over, inhoud: rol },
  // @ts-expect-error a word that is none
  { ...op, soort: 'persoon.aangetroffen', versie: 2, onderwerp: over, inhoud: { ...rol, rol: 'sexwerker' } },
  // @ts-expect-error a field of the content misspelt
  { ...op, soort: 'persoon.aangetroffen', versie: 2, onderwerp: over, inhoud: { rool: 'klant', hoedanigheid: 'toezicht' } },
  // @ts-expect-error a field too many in the content
  { ...op, soort: 'persoon.aangetroffen', versie: 2, onderwerp: over, inhoud: { rol: 'klant', hoedanigheid: 'toezicht', naam: 'x' } },
  // @ts-expect-error the capacity forgotten
  { ...op, soort: 'persoon.aangetroffen', versie: 2, onderwerp: over, inhoud: { rol: 'klant' } },
  // @ts-expect-error what it is about forgotten
  { ...op, soort: 'persoon.aangetroffen', versie: 2, inhoud: rol },
  // @ts-expect-error about something else
  { ...op, soort: 'persoon.aangetroffen', versie: 2, onderwerp: { controle: id, bevinding: id }, inhoud: rol },
  // @ts-expect-error a field of the envelope misspelt
  { ...op, soort: 'persoon.aangetroffen', versie: 2, onderwerp: over, inhoud: rol, vastgelegOp: op.waargenomenOp },
  // @ts-expect-error no id
  { waargenomenOp: op.waargenomenOp, soort: 'persoon.aangetroffen', versie: 2, onderwerp: over, inhoud: rol },
  // @ts-expect-error null for what may be left out
  { ...op, soort: 'persoon.aangetroffen', versie: 2, onderwerp: over, inhoud: rol, reden: null },
  // @ts-expect-error files with what can have none
  { ...op, soort: 'grondslagbijzonder.bevestigd', versie: 1, onderwerp: { grondslagbijzonder: id }, inhoud: {}, bijlagen: [] },
];
export const telling: Schemas['TellingVastgelegd'] = {
  hoedanigheid: 'toezicht',
  // @ts-expect-error a key that is no word
  perRol: { klanten: 2 },
};
const api = createClient<paths>({ baseUrl: 'http://127.0.0.1' });
// @ts-expect-error a filter misspelt
export const lijst = () => api.GET('/controles', { params: { query: { gemeenten: 'GM0243' } } });
// @ts-expect-error a path that there is not
export const pad = () => api.GET('/controle');
// @ts-expect-error the key of a registratie forgotten
export const sleutel = () => api.POST('/controles/{controle}/personen', { params: { path: { controle: id } }, body: { waargenomenOp: '', onderwerp: { persoon: id }, inhoud: rol } });
export function verder(wijziging: Schemas['Wijziging'], resultaat: Schemas['Resultaat']): unknown {
  // @ts-expect-error what was taken back has no content: look at `op` first
  if (wijziging.collectie === 'controles') return wijziging.doc.status;
  // @ts-expect-error a document of another collection
  if (wijziging.collectie === 'signalen') return wijziging.doc?.benadering;
  // @ts-expect-error a status that there is not
  return resultaat.status === 'geaccepteerd';
}
