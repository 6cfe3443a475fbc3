// The smallest device: are the clients there, in the versions of the lock file, and does the socket answer?
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { replicateRxCollection } from 'rxdb/plugins/replication';
import { Upload } from 'tus-js-client';
import { obey } from './device.mjs';

const require = createRequire(import.meta.url);
const { synchronize } = require('@nozbe/watermelondb/sync');
const version = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')).version;
let adres;

await obey({
  begin: (velden) => { adres = velden.adres; },
  clients: () => ({
    rxdb: [version('rxdb'), typeof replicateRxCollection],
    watermelondb: [version('@nozbe/watermelondb'), typeof synchronize],
    tus: [version('tus-js-client'), typeof Upload],
  }),
  gezond: async () => (await fetch(`${adres}/v1/gezondheid`)).status,
});
