// A device with stock RxDB: its own storage, validator and replication; only the handlers are ours, from the docs.
import { createRxDatabase } from 'rxdb/plugins/core';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { wrappedValidateAjvStorage } from 'rxdb/plugins/validate-ajv';
import { Subject } from 'rxjs';
import { tokenOf } from './aangemeld.mjs';
import { keyed, noted, obey, without } from './device.mjs';
import { findEpoch, listen, makeApi } from './uit_docs/api.mjs';
import { down, joined, openMoment, replicate, up } from './uit_docs/rxdb.mjs';

const haal$ = new Subject();
const memory = getRxStorageMemory();
const PATIENCE = 5000; // ms
let db, adres, token, deaf, running, moment, login;
const errors = [], refusals = [];

const memory_ = keyed();
let asked;

const pulled = Object.fromEntries(Object.keys(down).map((naam) => [naam, 0]));
const api = async (pad, ...rest) => {
  if (deaf && pad.includes('/pull')) throw new Error('nothing comes through');
  const answer = await asked(pad, ...rest);
  const naam = /rxdb\/(\w+)\/pull/.exec(pad)?.[1];
  if (naam) pulled[naam] += 1;
  return answer;
};
const docs = async (naam) => (await db[naam].find().exec()).map((each) => each.toJSON());

// A replication that a restart cancelled never says that it is in sync, nor again that it was cancelled.
const ended = (each) => each.isStopped() || new Promise((done) => { each.canceled$.subscribe((yes) => yes && done()); });

async function settle() {
  for (let before = null; before !== running.up;) {
    before = running.up;
    await Promise.all([running.up, ...running.down].map((each) => Promise.race([each.awaitInSync(), ended(each)])));
    await running.restart;
  }
}

await obey({
  begin: async (velden) => {
    ({ adres, token } = velden);
    db = await createRxDatabase({ name: 'toestel', multiInstance: false, storage: wrappedValidateAjvStorage({ storage: memory }) });
    await db.addCollections({ ...up, ...down });
    moment = await openMoment(db, memory_);
    asked = makeApi(adres, tokenOf(() => ({ adres, token, login }), PATIENCE), PATIENCE, (problem) => refusals.push(problem.type));
  },
  connect: async ({ epoch, anew, ...velden }) => {
    ({ adres, token, deaf, login } = { adres, token, deaf, login, ...velden });
    if (running && !anew) return;
    if (running) clearInterval(running.again);
    if (running) await Promise.all([running.up, ...running.down].map((each) => each.cancel())); // the app is started again
    running = replicate({ db, api, epoch, memory: memory_, haal$, retryTime: 150 });
    running.up.error$.subscribe((error) => errors.push(String(error.parameters?.errors?.[0]?.message ?? error.message)));
  },
  greet: async () => { await findEpoch(api, memory_, '1.0.0'); moment = await openMoment(db, memory_); },
  listen: (geduld) => { listen(api, () => haal$.next('RESYNC'), new AbortController().signal, { pause: 200, ...geduld }); },
  without,
  record: ({ ops, klokken }) => db.registraties.bulkInsert(noted(ops, klokken, moment)).then(({ error }) => error.length),
  joined: () => joined(db),
  change: async ({ id, ...set }) => { await (await db.registraties.findOne(id).exec()).incrementalPatch(set); },
  remove: async ({ id }) => { await (await db.registraties.findOne(id).exec()).incrementalRemove(); },
  sync: async () => {
    running.up.reSync();
    await settle();
    for (let n = 0; n < 10 && (await docs('registraties')).some((each) => each.syncStatus === 'deferred'); n += 1) {
      await new Promise((done) => setTimeout(done, 50)); // it is offered again
      await settle();
    }
    const before = { ...pulled };
    // RxDB takes it up later, so being in sync says nothing before every collection was asked for; and a replication that
    // a restart replaces meanwhile takes it with it, so it is said until all heard.
    while (Object.keys(down).some((naam) => pulled[naam] === before[naam])) {
      haal$.next('RESYNC');
      await new Promise((done) => setTimeout(done, 50));
    }
    await settle();
  },
  dump: async () => Object.fromEntries(await Promise.all(Object.keys(db.collections).map(async (naam) => [naam, await docs(naam)]))),
  holds: ({ tekst }) => [...memory.collectionStates.values()].some((state) => JSON.stringify([...state.documents.values()]).includes(tekst)),
  try: async () => { haal$.next('RESYNC'); await new Promise((done) => setTimeout(done, 500)); },
  refusals: () => refusals.splice(0),
  errors: () => errors.splice(0),
});
