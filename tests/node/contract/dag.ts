/**
 * A day's work of an officer with a client that nobody wrote: openapi-typescript made its types of openapi.yaml,
 * openapi-fetch sends by them. It ends with one line of JSON: what became of each part.
 */
import createClient, { type Middleware } from 'openapi-fetch';
import type { components, paths } from './api.d.ts';

type Schemas = components['schemas'];
type Operatie = Schemas['Operatie'];

const { adres, naam, wachtwoord, toestel, gemeente } = JSON.parse(process.argv[2] ?? '') as Record<string, string>;
const api = createClient<paths>({ baseUrl: `${adres}/v1` });

/** What was answered, or an end with the words of the problem. */
function told<Data>(answer: { data?: Data; error?: Schemas['Problem'] }): Data {
  if (answer.data === undefined) throw new Error(`${answer.error?.status} ${answer.error?.title}: ${answer.error?.detail}`);
  return answer.data;
}

/** A new id for a document: a UUIDv7. */
function uuid7(): string {
  const time = Date.now().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${crypto.randomUUID().slice(15)}`;
}

const form = { bodySerializer: (body: unknown) => new URLSearchParams(body as Record<string, string>) };
const login = await api.POST('/oauth/token', {
  ...form,
  body: { grant_type: 'password', client_id: 'veldboek', gebruikersnaam: naam!, wachtwoord: wachtwoord!, toestel: toestel! },
  headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
});
const { access_token: token } = told(login);
const bearer: Middleware = {
  onRequest({ request }) {
    request.headers.set('Authorization', `Bearer ${token}`);
  },
};
api.use(bearer);

const nu = () => new Date().toISOString();
const hand = told(
  await api.POST('/sync/handshake', { body: { protocollen: [1], appVersie: 'proef', toestelTijd: nu(), deviceSeq: 0 } }),
);

let seq = hand.deviceAck.contiguousThrough;
const about = () => ({ opId: crypto.randomUUID(), deviceSeq: ++seq, waargenomenOp: nu(), vastgelegdOp: nu() });
const [locatie, controle, bevinding, persoon] = [uuid7(), uuid7(), uuid7(), uuid7()];
const hoedanigheid: Schemas['ControleGestart']['hoedanigheid'] = 'toezicht';
const ops: Operatie[] = [
  {
    ...about(),
    soort: 'locatie.vastgelegd',
    versie: 2,
    onderwerp: { locatie },
    inhoud: { soort: 'bedrijfspand', feitelijkBewoond: 'nee', gemeente: gemeente!, bagId: '0243010000000001', hoedanigheid },
  },
  {
    ...about(),
    soort: 'controle.gestart',
    versie: 3,
    onderwerp: { controle, locatie },
    inhoud: { benadering: 'aangebeld', situatie: 'toegang_verleend', hoedanigheid, thema: 'prostitutie' },
  },
  { ...about(), soort: 'persoon.aangetroffen', versie: 2, onderwerp: { controle, persoon }, inhoud: { rol: 'sekswerker', hoedanigheid } },
  { ...about(), soort: 'telling.vastgelegd', versie: 2, onderwerp: { controle }, inhoud: { perRol: { klant: 1 }, hoedanigheid } },
  {
    ...about(),
    soort: 'bevinding.vastgelegd',
    versie: 3,
    onderwerp: { controle, bevinding },
    inhoud: { code: 'aanbod_tegen_betaling', aard: 'feit', wijze: 'waargenomen', hoedanigheid },
  },
  {
    ...about(),
    soort: 'overtreding.vastgesteld',
    versie: 1,
    onderwerp: { controle, overtreding: uuid7() },
    inhoud: { soort: 'illegale_prostitutie', bevindingen: [bevinding!], hoedanigheid },
  },
  { ...about(), soort: 'controle.afgerond', versie: 2, onderwerp: { controle }, inhoud: { hoedanigheid } },
];
const push = () => api.POST('/sync/push', { body: { batchId: crypto.randomUUID(), verzondenOp: nu(), ops } });
const eerste = told(await push()).resultaten;
const weer = told(await push()).resultaten;

const wijzigingen = told(await api.GET('/sync/pull', { params: { query: { limit: 1000 } } })).wijzigingen;
const gehaald = wijzigingen.flatMap((w) => (w.collectie === 'controles' && w.id === controle && w.doc ? [w.doc] : []));
const lijst = told(await api.GET('/controles', { params: { query: { gemeente: gemeente!, status: 'afgerond', limit: 200 } } }));
const één = told(await api.GET('/controles/{id}', { params: { path: { id: controle! } } }));
const dag = één.begonnenOp?.slice(0, 10) ?? '';
const cijfers = await api.GET('/cijfers', { params: { query: { gemeente: [gemeente!], van: dag, totEnMet: dag } } });

const sleutel = { 'Idempotency-Key': crypto.randomUUID() };
const melding = await api.POST('/signalen', {
  params: { header: sleutel },
  body: {
    waargenomenOp: nu(),
    onderwerp: { signaal: uuid7() },
    inhoud: { bron: 'overlastmelding', gemeente: gemeente!, overlastsoort: 'aanloop' },
  },
});
const geweigerd = await api.POST('/controles/{controle}/start', {
  params: { path: { controle: uuid7() }, header: { 'Idempotency-Key': crypto.randomUUID() } },
  body: {
    waargenomenOp: nu(),
    onderwerp: { locatie: locatie! },
    inhoud: { benadering: 'afspraak_als_klant', situatie: 'toegang_verleend', hoedanigheid },
  },
});

/** A refusal is typed: each member that it may have, and its kind one of a closed list. */
function refusal(problem: Schemas['Problem'] | undefined): [Schemas['Probleemsoort'] | undefined, string | undefined] {
  return [problem?.type, problem?.fouten?.[0]?.veld];
}

console.log(
  JSON.stringify({
    spreekt: hand.protocol,
    soorten: [...new Set(eerste.map((resultaat) => resultaat.status))],
    weer: [...new Set(weer.map((resultaat) => resultaat.status))],
    gehaald: gehaald.map((doc) => doc.status),
    lijst: lijst.resultaten.some((doc) => doc.id === controle),
    overtredingen: één.overtredingen?.map((overtreding) => overtreding.soort),
    cijfers: cijfers.error ? cijfers.error.type : cijfers.data?.controles,
    melding: [melding.response.status, melding.data?.status, melding.response.headers.get('Location')?.split('/').slice(0, 3)],
    geweigerd: refusal(geweigerd.error),
  }),
);
