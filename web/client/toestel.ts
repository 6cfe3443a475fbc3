/**
 * A device: records while offline, and syncs so that nothing is lost and nothing counts twice.
 *
 * In short: mint ids yourself, write to the outbox first, send the exact bytes you wrote, keep what is not answered, let
 * the server judge, and take from its feed what you may see.
 */
import { text, utf8 } from './bytes.ts';
import type { components } from './contract.d.ts';
import type { Ingeschreven } from './inschrijving.ts';
import { type Operatie, signOp } from './kop.ts';
import { type Opdrachtsleutel, readOrder } from './opdracht.ts';
import type { Bladzijde, Opslag, Resultaat, Wijziging } from './opslag.ts';
import type { Sleutel } from './sleutel.ts';
import { ApiProbleem, Onbereikbaar, type Verbinding } from './verbinding.ts';

const RONDES = 3;
/** Bytes of a push around its operations, amply. */
const OMSLAG = 200;

type Gegeven = 'opId' | 'deviceSeq' | 'vastgelegdOp' | 'kop' | 'hand' | 'zouten';
type Zonder<Deel> = Deel extends unknown ? Omit<Deel, Gegeven> : never;
/** What an officer writes down, as the contract says it for each soort; the rest follows. */
export type Vastlegging = Zonder<components['schemas']['Operatie']>;

/** What the handshake says, as far as it matters here. */
export interface Kennismaking {
  readonly epoch: string;
  readonly origin: string;
  readonly opdrachtsleutel: Opdrachtsleutel;
  readonly limits: { readonly maxOps: number; readonly maxBytes: number };
  readonly deviceAck: { readonly contiguousThrough: number; readonly missing: readonly number[] };
  readonly orders: readonly { readonly opdracht: string }[];
}

export interface Wie {
  /** The functionaris who is signed in: what others recorded here is not sent. */
  readonly functionaris: string;
  readonly toestel: string;
  readonly sleutel: Sleutel;
  readonly appVersie: string;
  /** The clock of the device, in ms. */
  readonly klok?: () => number;
}

export class Toestel {
  readonly verbinding: Verbinding;
  readonly opslag: Opslag;
  private readonly wie: Wie;
  private readonly klok: () => number;
  private limits = { maxOps: 100, maxBytes: 2_097_152 };

  constructor(verbinding: Verbinding, opslag: Opslag, wie: Wie) {
    [this.verbinding, this.opslag, this.wie] = [verbinding, opslag, wie];
    this.klok = wie.klok ?? Date.now;
  }

  /** Call it once, after `enrol`: the store keeps it, and the handshake repeats it. */
  async enrolled({ origin, opdrachtsleutel }: Ingeschreven): Promise<void> {
    await this.opslag.set('origin', origin);
    await this.opslag.set('opdrachtsleutel', opdrachtsleutel);
  }

  /** Writes down one registratie and gives its opId. It never changes after this. Files first: `bijlagen` are their rows. */
  async record(vastlegging: Vastlegging): Promise<string> {
    const opId = crypto.randomUUID(), origin = await this.opslag.get<string>('origin');
    await this.opslag.put(opId, this.wie.functionaris, this.klok(), async (seq, prev, vastgelegdOp) => {
      const op = { opId, ...vastlegging, vastgelegdOp } as Operatie;
      const signed = origin === undefined ? null : await signOp(this.wie.sleutel, origin, op, { seq, prev });
      return { op: utf8(JSON.stringify({ deviceSeq: seq, ...op, ...signed?.velden })), hash: signed?.hash ?? null };
    });
    return opId;
  }

  /**
   * Delivers, does what was ordered, then fetches; gives how many operations got which status. Throws ApiProbleem,
   * Onbereikbaar: call it again later. With `toestel-ingetrokken` it may just have erased itself, because the server ordered so.
   */
  async sync(): Promise<Map<string, number>> {
    try {
      return await this.syncOnce();
    } catch (problem) {
      if (problem instanceof ApiProbleem && problem.slug === 'toestel-ingetrokken' && problem.opdracht) await this.obey(problem.opdracht);
      throw problem;
    }
  }

  private async syncOnce(): Promise<Map<string, number>> {
    const done = new Map<string, number>();
    for (let ronde = 1; ; ronde += 1) {
      const told = await this.shakeHands();
      await this.push(done);
      for (const order of told.orders) await this.obey(order.opdracht);
      try {
        await this.pull();
        return done;
      } catch (problem) {
        if (!(problem instanceof ApiProbleem) || problem.slug !== 'epoch-gewijzigd' || ronde === RONDES) throw problem;
        await this.beginAnew();
      }
    }
  }

  /** Learns the limits, and whether the ledger is still the one we knew. */
  async shakeHands(): Promise<Kennismaking> {
    const [deviceSeq, cursor, epoch] = [await this.opslag.lastSeq(), await this.opslag.get<string>('cursor'), await this.opslag.get<string>('epoch')];
    const toestelTijd = new Date(this.klok()).toISOString();
    const asked = { protocollen: [1], appVersie: this.wie.appVersie, toestelTijd, deviceSeq, ...(cursor ? { cursor } : {}) };
    const told = await this.verbinding.post<Kennismaking>('/sync/handshake', asked);
    this.limits = told.limits;
    if (epoch !== undefined && epoch !== told.epoch) await this.beginAnew();
    else if (await this.opslag.misses(told.deviceAck)) await this.opslag.sendAgain(); // put back under the same epoch
    for (const naam of ['epoch', 'origin', 'opdrachtsleutel'] as const) await this.opslag.set(naam, told[naam]);
    return told;
  }

  /** Sends what waits, each once. Two tabs send one after another. */
  push(done = new Map<string, number>()): Promise<Map<string, number>> {
    return this.inTurn(async () => {
      if ((await this.opslag.get('epoch')) === undefined) await this.shakeHands();
      for (const batch of this.batches(await this.opslag.waiting(this.wie.functionaris))) await this.send(batch, done);
      return done;
    });
  }

  private *batches<T extends { op: Uint8Array }>(waiting: readonly T[]): Generator<T[]> {
    let batch: T[] = [], size = OMSLAG;
    for (const each of waiting) {
      if (batch.length && (batch.length === this.limits.maxOps || size + each.op.length + 1 > this.limits.maxBytes)) {
        yield batch;
        [batch, size] = [[], OMSLAG];
      }
      batch.push(each);
      size += each.op.length + 1;
    }
    if (batch.length) yield batch;
  }

  /** What is too large altogether is kept and shown, and blocks nothing. */
  private async send(batch: { seq: number; op: Uint8Array<ArrayBuffer> }[], done: Map<string, number>): Promise<void> {
    const head = `{"batchId":"${crypto.randomUUID()}","verzondenOp":"${new Date(this.klok()).toISOString()}","ops":[`;
    const body = await gzip(`${head}${batch.map(({ op }) => text(op)).join(',')}]}`);
    const headers = { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' };
    let results: Resultaat[];
    try {
      const answer = await this.verbinding.request('/sync/push', { method: 'POST', headers, body });
      results = ((await answer.json()) as { resultaten: Resultaat[] }).resultaten;
    } catch (problem) {
      if (!(problem instanceof ApiProbleem) || problem.slug !== 'te-groot') throw problem;
      const [only] = batch, half = batch.length >> 1;
      if (half) return void (await this.send(batch.slice(0, half), done), await this.send(batch.slice(half), done));
      if (only) await this.opslag.refuse(only.seq, 'te_groot');
      return void done.set('rejected', (done.get('rejected') ?? 0) + 1);
    }
    await this.opslag.settle(batch, results);
    for (const { status } of results) done.set(status, (done.get(status) ?? 0) + 1);
  }

  /** Fetches what changed until there is no more. Where our rights changed (410) everything anew. */
  pull(): Promise<void> {
    return this.inTurn(async () => {
      for (let restarts = 0; ; restarts += 1) {
        try {
          for await (const page of this.pages()) await this.opslag.apply(page);
          return;
        } catch (problem) {
          if (!(problem instanceof ApiProbleem) || problem.slug !== 'cursor-verlopen' || restarts === RONDES) throw problem;
          await this.opslag.beginFullPull();
        }
      }
    });
  }

  /** The first time all in one answer, and what came after it; a snapshot that was cut goes on from its last whole page. */
  private async *pages(): AsyncGenerator<Bladzijde> {
    let cursor = await this.opslag.get<string>('cursor');
    if (cursor === undefined) {
      let wijzigingen: Wijziging[] = [];
      for await (const line of this.verbinding.lines('/sync/snapshot')) {
        const row = JSON.parse(line) as Wijziging | { cursor: string; compleet: boolean };
        if ('op' in row) wijzigingen.push(row);
        else {
          cursor = row.cursor;
          yield { wijzigingen, cursor, meer: !row.compleet };
          wijzigingen = [];
          if (row.compleet) return;
        }
      }
      if (cursor === undefined) throw new Onbereikbaar('the snapshot ended before its first page did');
    }
    for (let meer = true; meer; ) {
      const page: Bladzijde = await this.verbinding.get('/sync/pull', { cursor });
      ({ cursor, meer } = page);
      yield page;
    }
  }

  /** Asks whether we hold what the officer may see; where not, fetches everything anew. Gives whether it was right. */
  async verify(): Promise<boolean> {
    for (let ronde = 0; ronde < RONDES; ronde += 1) {
      const asked = { cursor: await this.opslag.get<string>('cursor'), collecties: await this.opslag.sums() };
      const { stand } = await this.verbinding.post<{ stand: 'gelijk' | 'achter' | 'verschilt' }>('/sync/verify', asked);
      if (stand === 'gelijk') return true;
      if (stand === 'verschilt') await this.opslag.beginFullPull();
      await this.pull();
      if (stand === 'verschilt') return false;
    }
    return false;
  }

  /** Yields whenever there is something to fetch, until the server ends it; then simply listen again. */
  async *listen(signal?: AbortSignal): AsyncGenerator<void> {
    const cursor = await this.opslag.get<string>('cursor');
    const asked = cursor === undefined ? '' : `?${new URLSearchParams({ cursor })}`;
    for await (const line of this.verbinding.lines(`/sync/stroom${asked}`, signal)) if (line === 'event: haal') yield;
  }

  private async beginAnew(): Promise<void> {
    await this.opslag.sendAgain();
    await this.opslag.beginFullPull();
  }

  /** Carries out an order of our own server for this device, and says so; any other it ignores. */
  private async obey(brief: string): Promise<void> {
    const server = await this.opslag.get<Opdrachtsleutel>('opdrachtsleutel');
    const order = server && (await readOrder(brief, server, this.wie.toestel));
    if (!order) return;
    if (order.soort === 'wissen') {
      await this.opslag.erase({ onverzonden: order.onverzondenWissen });
      await this.verbinding.forget();
    } else if (order.soort === 'opnieuw_ophalen') await this.opslag.beginFullPull();
    else return; // a later server asks what this app cannot do: it stays open, for all to see
    await this.verbinding.reportDone(order.brief);
  }

  private inTurn<T>(act: () => Promise<T>): Promise<T> {
    return navigator.locks.request(`veldboek:${this.opslag.db.name}:sync`, act) as Promise<T>;
  }
}

async function gzip(whole: string): Promise<ArrayBuffer> {
  return new Response(new Blob([whole]).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer();
}
