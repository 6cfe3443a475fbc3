/**
 * What a device keeps, in IndexedDB and sealed: an outbox of what was recorded, and the documents its officer may see.
 *
 * Everything is on disk before anything is sent, and is marked sent only after the server said so. Awaiting a seal would
 * end a transaction of IndexedDB: so under one lock of all tabs it is numbered, signed and sealed, and then written in ONE
 * strict transaction with its number. What fails takes no number.
 */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import { type Bytes, hex, sha256, text, utf8 } from './bytes.ts';
import type { Zegel } from './zegel.ts';

export type Staat = 'wacht' | 'verstuurd' | 'geweigerd' | 'gewist';

/** One operation in the outbox. `wie` recorded it: it is never sent as somebody else's. */
export interface Regel {
  readonly seq: number;
  readonly opId: string;
  readonly wie: string;
  readonly staat: Staat;
  /** Sealed, exactly as it is sent; null once it was erased. */
  readonly op: Bytes | null;
  /** What the server said of it. */
  readonly uitkomst?: Uitkomst;
}

export interface Uitkomst {
  readonly status: string;
  readonly code: string | null;
  readonly uitleg?: string;
  readonly pos: number | null;
  readonly vlaggen?: readonly string[];
}

/** One result of a push, as far as it matters here. */
export interface Resultaat extends Uitkomst {
  readonly eerste: Uitkomst | null;
  readonly wissen: boolean;
}

export type Wijziging =
  | { readonly op: 'upsert'; readonly collectie: string; readonly id: string; readonly rev: number; readonly doc: unknown }
  | { readonly op: 'revoke'; readonly collectie: string; readonly id: string };

export interface Bladzijde {
  readonly wijzigingen: readonly Wijziging[];
  readonly cursor: string;
  readonly meer: boolean;
}

interface Document {
  readonly collectie: string;
  readonly id: string;
  readonly rev: number;
  readonly ronde: number;
  readonly doc: Bytes;
}

/** A file without its bytes. `adres` is where the server takes it in, once it was announced. */
export interface Bestand {
  readonly id: string;
  readonly wie: string;
  readonly sha256: string;
  readonly grootte: number;
  readonly adres: string | null;
  readonly staat: string;
}

/** How far this device is. */
interface Keten {
  readonly seq: number;
  readonly prev: string | null;
  /** ms: what is written down later says so, whatever the clock does. */
  readonly vastgelegd: number;
}

export interface Schema extends DBSchema {
  outbox: { key: number; value: Regel; indexes: { staat: Staat } };
  document: { key: [string, string]; value: Document; indexes: { collectie: string; ronde: number } };
  bestand: { key: string; value: Bestand };
  stuk: { key: [string, number]; value: Bytes };
  stand: { key: string; value: unknown };
}

export type Databank = IDBPDatabase<Schema>;

const STAND_IN = new Set(['accepted', 'conflict', 'quarantined']);
const STRICT = { durability: 'strict' } as const;
const BEGIN: Keten = { seq: 0, prev: null, vastgelegd: 0 };
const SOM = '0'.repeat(64);

/** Opens the database `naam`; a version of later is refused by the browser, and loses nothing. */
export function openDatabank(naam: string): Promise<Databank> {
  return openDB<Schema>(naam, 1, {
    upgrade(db) {
      db.createObjectStore('outbox', { keyPath: 'seq' }).createIndex('staat', 'staat');
      const documents = db.createObjectStore('document', { keyPath: ['collectie', 'id'] });
      documents.createIndex('collectie', 'collectie');
      documents.createIndex('ronde', 'ronde');
      db.createObjectStore('bestand', { keyPath: 'id' });
      db.createObjectStore('stuk');
      db.createObjectStore('stand');
    },
  });
}

export class Opslag {
  readonly db: Databank;
  readonly zegel: Zegel;

  constructor(db: Databank, zegel: Zegel) {
    [this.db, this.zegel] = [db, zegel];
  }

  /** Appends an operation, gapless and in one chain; `make` gives its bytes, and the hash of its KOP (null: unsigned). */
  put(
    opId: string,
    wie: string,
    now: number,
    make: (seq: number, prev: string | null, moment: string) => Promise<{ op: Bytes; hash: string | null }>,
  ): Promise<void> {
    return this.alone(async () => {
      const last = await this.keten();
      const seq = last.seq + 1, vastgelegd = Math.max(now, last.vastgelegd + 1);
      const { op, hash } = await make(seq, last.prev, new Date(vastgelegd).toISOString());
      const sealed = await this.zegel.seal(`outbox:${seq}`, op);
      const tx = this.db.transaction(['outbox', 'stand'], 'readwrite', STRICT);
      tx.objectStore('outbox').add({ seq, opId, wie, staat: 'wacht', op: sealed });
      tx.objectStore('stand').put({ seq, prev: hash ?? last.prev, vastgelegd } satisfies Keten, 'keten');
      await tx.done;
    });
  }

  /** What `wie` has still to send, in the order in which it was recorded. */
  async waiting(wie: string): Promise<{ seq: number; op: Bytes }[]> {
    const rows = (await this.db.getAllFromIndex('outbox', 'staat', 'wacht')).filter((row) => row.wie === wie);
    rows.sort((a, b) => a.seq - b.seq);
    return Promise.all(
      rows.flatMap(({ seq, op }) => (op ? [this.zegel.open(`outbox:${seq}`, op).then((plain) => ({ seq, op: plain }))] : [])),
    );
  }

  /** How every operation stands, of everybody, to show. */
  outcomes(): Promise<Regel[]> {
    return this.db.getAll('outbox');
  }

  /** The highest number given out. */
  async lastSeq(): Promise<number> {
    return (await this.keten()).seq;
  }

  /**
   * Notes what became of a batch: one result each, in the same order. `duplicate` counts as the first outcome.
   * `deferred`, and a status that this app is too old to know, keeps it. `wissen` erases our copy.
   */
  settle(batch: readonly { seq: number }[], resultaten: readonly Resultaat[]): Promise<void> {
    if (batch.length !== resultaten.length) throw new TypeError('not one result for each operation');
    const told = new Map(batch.map(({ seq }, n) => [seq, resultaten[n]]));
    return this.change((row) => {
      const result = told.get(row.seq);
      if (!result) return row;
      const { status, code, pos, uitleg, vlaggen } = result.eerste ?? result;
      const staat = STAND_IN.has(status) ? 'verstuurd' : status === 'rejected' ? 'geweigerd' : 'wacht';
      const uitkomst = { status, code, pos, ...(uitleg ? { uitleg } : {}), ...(vlaggen?.length ? { vlaggen } : {}) };
      return { ...row, staat, uitkomst, op: result.wissen && staat === 'verstuurd' ? null : row.op };
    });
  }

  /** Keeps an operation that can never be sent, and shows it; it must not hold up the others. */
  refuse(seq: number, code: string): Promise<void> {
    const uitkomst = { status: 'rejected', code, pos: null };
    return this.change((row) => (row.seq === seq ? { ...row, staat: 'geweigerd', uitkomst } : row));
  }

  /** Whether `deviceAck` says of something that we sent, and still have, that it did not arrive. */
  async misses({ contiguousThrough, missing }: { contiguousThrough: number; missing: readonly number[] }): Promise<boolean> {
    const sent = await this.db.getAllFromIndex('outbox', 'staat', 'verstuurd');
    return sent.some(({ seq, op }) => op && seq > contiguousThrough && (!missing.length || missing.includes(seq)));
  }

  /** The ledger went back to an older state: offer all that we still have; what it knows is a duplicate. */
  sendAgain(): Promise<void> {
    return this.change((row) => (row.op ? { ...row, staat: 'wacht' } : row));
  }

  /** Erases all that could be read here. What the server does not have stays, unless `onverzonden`. Numbers go on. */
  async erase({ onverzonden }: { onverzonden: boolean }): Promise<void> {
    const gone = (row: Regel) => row.staat === 'verstuurd' || onverzonden;
    await this.change((row) => (gone(row) ? { ...row, op: null, staat: row.staat === 'verstuurd' ? row.staat : 'gewist' } : row));
    const tx = this.db.transaction(['document', 'bestand', 'stuk', 'stand'], 'readwrite', STRICT);
    tx.objectStore('document').clear();
    if (onverzonden) for (const name of ['bestand', 'stuk'] as const) tx.objectStore(name).clear();
    for (const name of ['cursor', 'volledig']) tx.objectStore('stand').delete(name);
    await tx.done;
  }

  /** Fetch from the start. Until the last page came nothing is dropped, also when it is cut halfway. */
  async beginFullPull(): Promise<void> {
    const tx = this.db.transaction('stand', 'readwrite', STRICT);
    const ronde = ((await tx.store.get('ronde')) as number | undefined) ?? 0;
    tx.store.put(ronde + 1, 'ronde');
    tx.store.put(true, 'volledig');
    tx.store.delete('cursor');
    await tx.done;
  }

  /** Takes in one page and its cursor, together; after the last page of a full pull, drops what was not in it. */
  async apply(page: Bladzijde): Promise<void> {
    const ronde = (await this.get<number>('ronde')) ?? 0;
    const sealed = await Promise.all(page.wijzigingen.map((each) => this.sealed(each, ronde)));
    const tx = this.db.transaction(['document', 'stand'], 'readwrite', STRICT);
    const documents = tx.objectStore('document'), stand = tx.objectStore('stand');
    for (const [n, change] of page.wijzigingen.entries()) {
      const row = sealed[n];
      if (row) documents.put(row);
      else documents.delete([change.collectie, change.id]);
    }
    stand.put(page.cursor, 'cursor');
    if (!page.meer && (await stand.get('volledig'))) {
      for (const key of await documents.index('ronde').getAllKeys(IDBKeyRange.upperBound(ronde, true))) documents.delete(key);
      stand.delete('volledig');
    }
    await tx.done;
  }

  /** How many documents we hold of each collection, and XOR of SHA-256 of `<id>:<rev>`: what `verify` compares. */
  async sums(): Promise<Record<string, { aantal: number; som: string }>> {
    const held: Record<string, { aantal: number; som: bigint }> = {};
    for (const { collectie, id, rev } of await this.db.getAll('document')) {
      const own = BigInt(`0x${hex(await sha256(utf8(`${id}:${rev}`)))}`);
      const { aantal, som } = held[collectie] ?? { aantal: 0, som: 0n };
      held[collectie] = { aantal: aantal + 1, som: som ^ own };
    }
    const whole = ({ aantal, som }: { aantal: number; som: bigint }) => ({ aantal, som: (SOM + som.toString(16)).slice(-64) });
    return Object.fromEntries(Object.entries(held).map(([naam, each]) => [naam, whole(each)]));
  }

  /** What the officer may see of one collection, by id. */
  async documents<T>(collectie: string): Promise<Map<string, T>> {
    const rows = await this.db.getAllFromIndex('document', 'collectie', collectie);
    return new Map(await Promise.all(rows.map(async (row): Promise<[string, T]> => [row.id, (await this.opened(row)) as T])));
  }

  async document<T>(collectie: string, id: string): Promise<T | undefined> {
    const row = await this.db.get('document', [collectie, id]);
    return row && ((await this.opened(row)) as T);
  }

  /** A remembered value: `cursor`, `epoch`, `origin`, `opdrachtsleutel`, … Never what was recorded: this is not sealed. */
  async get<T>(naam: string): Promise<T | undefined> {
    return (await this.db.get('stand', naam)) as T | undefined;
  }

  async set(naam: string, waarde: unknown): Promise<void> {
    await this.db.put('stand', waarde, naam);
  }

  /** One at a time, over all tabs. */
  alone<T>(act: () => Promise<T>): Promise<T> {
    return navigator.locks.request(`veldboek:${this.db.name}`, act) as Promise<T>;
  }

  private async keten(): Promise<Keten> {
    return (await this.get<Keten>('keten')) ?? BEGIN;
  }

  private async change(become: (row: Regel) => Regel): Promise<void> {
    const tx = this.db.transaction('outbox', 'readwrite', STRICT);
    for (let at = await tx.store.openCursor(); at; at = await at.continue()) {
      const next = become(at.value);
      if (next !== at.value) at.update(next);
    }
    await tx.done;
  }

  private async sealed(change: Wijziging, ronde: number): Promise<Document | null> {
    if (change.op !== 'upsert') return null;
    const { collectie, id, rev } = change;
    return { collectie, id, rev, ronde, doc: await this.zegel.seal(`document:${collectie}:${id}`, utf8(JSON.stringify(change.doc))) };
  }

  private async opened({ collectie, id, doc }: Document): Promise<unknown> {
    return JSON.parse(text(await this.zegel.open(`document:${collectie}:${id}`, doc)));
  }
}
