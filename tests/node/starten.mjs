// An app as `start.mjs` of the docs puts it together, closed and opened again on the same storage.
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { wrappedValidateAjvStorage } from 'rxdb/plugins/validate-ajv';
import { keyed, obey } from './device.mjs';
import { atTheDoor } from './uit_docs/controle.mjs';
import { joined } from './uit_docs/rxdb.mjs';
import { start } from './uit_docs/start.mjs';

const storage = wrappedValidateAjvStorage({ storage: getRxStorageMemory() }), memory = keyed(), keys = keyed();
let given, app, asked = 0;
const login = async () => { asked += 1; return given.form; };

await obey({
  begin: (velden) => { given = velden; },
  start: async ({ adres = given.adres }) => { app = await start({ adres, storage, memory, keys, login, appVersie: '1.0.0', retryTime: 150 }); },
  record: (registratie) => app.record(registratie),
  atTheDoor: ({ wie }) => atTheDoor(app, wie),
  synced: async () => { await app.running.up.awaitInSync(); await Promise.all(app.running.down.map((each) => each.awaitInSync())); },
  joined: () => joined(app.db),
  controles: async () => (await app.db.controles.find().exec()).map((each) => each.toJSON()),
  stop: () => app.stop(),
  asked: () => asked,
});
