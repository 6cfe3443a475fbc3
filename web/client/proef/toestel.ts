/** A device of this client in Node, for the tests: JSON lines in, JSON lines out, one command at a time. */
import 'fake-indexeddb/auto';
import { createInterface } from 'node:readline';
import { unb64u } from '../bytes.ts';
import {
  type Aanmelding, ApiProbleem, Bijlagen, enrol, openDatabank, Opslag, readUitnodiging, Sleutel, Toestel, type Vastlegging,
  Verbinding, Zegel,
} from '../index.ts';

interface Begin {
  adres: string;
  form: Record<string, string>;
  functionaris: string;
}
let given: Begin, opslag: Opslag, toestel: Toestel, bijlagen: Bijlagen, sleutel: Sleutel, refresh: string | null = null;
let asked = 0, shift = 0;
const db = await openDatabank('veldboek'), zegel = new Zegel(await Zegel.generate());

const aanmelding = (more: Record<string, string>): Aanmelding => ({
  vraag: async (waarom) => {
    asked += 1;
    if (waarom && asked > 3) throw new TypeError(waarom);
    return { ...given.form, ...more };
  },
  lees: async () => refresh,
  bewaar: async (token) => void (refresh = token),
});
const line = (more: Record<string, string> = {}) => new Verbinding(given.adres, aanmelding(more), { geduld: 5000, slaap: async () => {} });

/** Whoever holds the device from now on, on the same storage. */
async function hold(ident: string): Promise<void> {
  const verbinding = line({ toestel: ident });
  opslag = new Opslag(db, zegel);
  const klok = () => Date.now() + shift;
  toestel = new Toestel(verbinding, opslag, { functionaris: given.functionaris, toestel: ident, sleutel, appVersie: 'proef 1', klok });
  bijlagen = new Bijlagen(verbinding, opslag, given.functionaris);
}

const commands: Record<string, (velden: never) => unknown> = {
  begin: (velden: Begin) => void (given = velden),
  enrol: async ({ qr }: { qr: string }) => {
    const uitnodiging = readUitnodiging(qr);
    if (!uitnodiging) throw new TypeError('geen uitnodiging');
    sleutel = await Sleutel.generate();
    const found = await enrol(line(), uitnodiging, sleutel, { platform: 'web', appVersie: 'proef 1' });
    refresh = null;
    await hold(found.toestel);
    await toestel.enrolled(found);
    return found.toestel;
  },
  hold: async ({ toestel: ident, ...velden }: Begin & { toestel: string }) => {
    [given, refresh] = [velden, null];
    await hold(ident);
  },
  clock: ({ ms }: { ms: number }) => void (shift = ms),
  record: async ({ ops }: { ops: Vastlegging[] }) => {
    const made: string[] = [];
    for (const op of ops) made.push(await toestel.record(op));
    return made;
  },
  together: ({ ops }: { ops: Vastlegging[] }) => Promise.all(ops.map((op) => toestel.record(op))),
  sync: async () => Object.fromEntries(await toestel.sync()),
  push: async () => Object.fromEntries(await toestel.push()),
  verify: () => toestel.verify(),
  outbox: async () => (await opslag.outcomes()).map(({ op, ...row }) => ({ ...row, bewaard: op !== null })),
  held: async () => {
    const names = new Set((await db.getAll('document')).map(({ collectie }) => collectie));
    return Object.fromEntries(await Promise.all([...names].map(async (naam) => [naam, Object.fromEntries(await opslag.documents(naam))])));
  },
  /** All that is in the storage, as somebody sees it who has the disk. */
  disk: async () => {
    const rows = await Promise.all([...db.objectStoreNames].map((naam) => db.getAll(naam)));
    return JSON.stringify(rows, (_, value) => (value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value));
  },
  spoil: async ({ collectie, id }: { collectie: string; id: string }) => {
    const row = await db.get('document', [collectie, id]);
    if (row) await db.put('document', { ...row, rev: row.rev + 7 });
  },
  add: ({ id, inhoud, mediatype }: { id: string; inhoud: string; mediatype: string }) => bijlagen.add(id, unb64u(inhoud), mediatype),
  send: async () => Object.fromEntries(await bijlagen.send()),
  files: async () => ({ rijen: await db.getAll('bestand'), stukken: await db.count('stuk') }),
  ask: async ({ many }: { many: number }) => {
    const answers = Array.from({ length: many }, () => toestel.verbinding.get<{ functionaris: unknown }>('/ik'));
    return (await Promise.all(answers)).length;
  },
  asked: () => asked,
};

for await (const told of createInterface({ input: process.stdin })) {
  const { doe, ...velden } = JSON.parse(told);
  let answer: unknown;
  try {
    answer = { uit: (await commands[doe]?.(velden as never)) ?? null };
  } catch (error) {
    const slug = error instanceof ApiProbleem ? error.slug : error instanceof Error ? error.name : 'fout';
    answer = { fout: `${slug}: ${error instanceof Error ? error.stack : error}` };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
process.exit(0);
