// A device with stock WatermelonDB on its LokiJS adapter; only the handlers are ours, from the docs.
import { createRequire } from 'node:module';
import { tokenOf } from './aangemeld.mjs';
import { keyed, noted, obey, without } from './device.mjs';
import { collecties, findEpoch, listen, makeApi } from './uit_docs/api.mjs';
import { joined, makeSync, migrations, openMoment, schema } from './uit_docs/watermelon.mjs';

process.env.NODE_ENV = 'test';
const require = createRequire(import.meta.url);
const { Database, Model } = require('@nozbe/watermelondb');
const Loki = require('@nozbe/watermelondb/adapters/lokijs').default;

const tables = [...collecties, 'registraties'];
const modelClasses = tables.map((table) => class extends Model { static table = table; });
const PATIENCE = 5000; // ms
let database, adapter, adres, token, sync, moment, login, api;

const refusals = [], memory_ = keyed();
const raws = async (table) => (await database.get(table).query().fetch()).map((each) => each._raw);
const asText = (value) => (typeof value === 'object' && value !== null ? JSON.stringify(value) : value);

await obey({
  begin: async (velden) => {
    ({ adres, token } = velden);
    adapter = new Loki({ schema, migrations, useWebWorker: false, useIncrementalIndexedDB: true, dbName: 'toestel', extraLokiOptions: { autosave: false } });
    database = new Database({ adapter, modelClasses });
    api = makeApi(adres, tokenOf(() => ({ adres, token, login }), PATIENCE), PATIENCE, (problem) => refusals.push(problem.type));
    sync = makeSync({ database, api });
    moment = await openMoment(database, memory_);
  },
  connect: (velden) => { ({ adres, token, login } = { adres, token, login, ...velden }); },
  greet: async () => { await findEpoch(api, memory_, '1.0.0'); moment = await openMoment(database, memory_); },
  listen: (geduld) => { listen(api, sync, new AbortController().signal, { pause: 200, ...geduld }); },
  without,
  joined: () => joined(database),
  record: ({ ops, klokken }) => database.write(() => database.batch(noted(ops, klokken, moment).map(({ id, ...rest }) =>
    database.get('registraties').prepareCreate((row) => {
      row._raw.id = id;
      for (const [name, value] of Object.entries(rest)) row._setRaw(name, asText(value));
    })))).then(() => 0),
  change: ({ tabel = 'registraties', id, ...set }) => database.write(async () => {
    const row = await database.get(tabel).find(id);
    await row.update(() => { for (const [name, value] of Object.entries(set)) row._setRaw(name, asText(value)); });
  }),
  remove: ({ tabel = 'registraties', id }) => database.write(async () => (await database.get(tabel).find(id)).markAsDeleted()),
  sync: async () => { await sync(); },
  dump: async () => Object.fromEntries(await Promise.all(tables.map(async (table) => [table, await raws(table)]))),
  holds: ({ tekst }) => JSON.stringify(adapter._driver.loki.collections.map((each) => each.data)).includes(tekst),
  try: async () => { await sync(); },
  refusals: () => refusals.splice(0),
  memory: ({ naam }) => database.localStorage.get(naam),
});
