/**
 * Files of a device: kept, sealed, until the server has bound them; sent in checked pieces, resumed from any byte (tus 1.0).
 * They travel apart from the operations that promise them, before or after.
 */
import { base64, type Bytes, hex, joined, sha256, utf8 } from './bytes.ts';
import type { Bestand, Opslag } from './opslag.ts';
import { ApiProbleem, Onbereikbaar, type Verbinding } from './verbinding.ts';

/** Bytes per piece: so much is sealed, and sent anew when it is cut or comes damaged. */
export const STUK = 1_048_576;
const POGINGEN = 5;
const AF = new Set(['gebonden', 'afgekeurd']);
const ELDERS = new Set([409, 404, 410, 460]);
const TUS = { 'Tus-Resumable': '1.0.0' };

export class Bijlagen {
  private readonly verbinding: Verbinding;
  private readonly opslag: Opslag;
  private readonly wie: string;

  /** `wie` is the functionaris who is signed in: files of others here are not sent. */
  constructor(verbinding: Verbinding, opslag: Opslag, wie: string) {
    [this.verbinding, this.opslag, this.wie] = [verbinding, opslag, wie];
  }

  /** Keeps a file and gives its row for the operation that promises it. `id` is a UUIDv7. Full: QuotaExceededError, and nothing is kept. */
  async add(id: string, inhoud: Bytes, mediatype: string) {
    const hash = hex(await sha256(inhoud)), pieces: Bytes[] = [];
    for (let at = 0; at < inhoud.length; at += STUK)
      pieces.push(await this.opslag.zegel.seal(`stuk:${id}:${pieces.length}`, inhoud.slice(at, at + STUK)));
    const tx = this.opslag.db.transaction(['bestand', 'stuk'], 'readwrite', { durability: 'strict' });
    tx.objectStore('bestand').add({ id, wie: this.wie, sha256: hash, grootte: inhoud.length, adres: null, staat: 'wacht' });
    for (const [n, piece] of pieces.entries()) tx.objectStore('stuk').put(piece, [id, n]);
    await tx.done;
    return { id, sha256: hash, grootte: inhoud.length, mediatype };
  }

  /**
   * Sends what the server does not have yet, and gives how many files stand how: `compleet` waits for its entry, `gebonden`
   * is done, `afgekeurd` is to be shown. One that cannot be sent holds up no other: what it threw is thrown afterwards.
   */
  async send(): Promise<Map<string, number>> {
    const failed: unknown[] = [];
    const mine = async () => (await this.opslag.db.getAll('bestand')).filter(({ wie }) => wie === this.wie);
    for (const bestand of await mine()) {
      if (AF.has(bestand.staat)) continue;
      try {
        await this.sendOne(bestand);
      } catch (problem) {
        if (!(problem instanceof ApiProbleem) && !(problem instanceof Onbereikbaar)) throw problem;
        failed.push(problem);
      }
    }
    if (failed.length) throw failed[0];
    const count = new Map<string, number>();
    for (const { staat } of await mine()) count.set(staat, (count.get(staat) ?? 0) + 1);
    return count;
  }

  private async sendOne(bestand: Bestand): Promise<void> {
    let adres = bestand.adres;
    for (let poging = 1; ; poging += 1) {
      try {
        let answer: Response;
        [adres, answer] = await this.find(bestand, adres);
        for (let at = offset(answer); at < bestand.grootte; at = offset(answer)) answer = await this.sendPiece(bestand, adres, at);
        return await this.note(bestand, answer.headers.get('bijlage-staat') ?? 'bezig', adres);
      } catch (problem) {
        if (!(problem instanceof ApiProbleem) || !ELDERS.has(problem.status) || poging === POGINGEN) throw problem;
        if (problem.status === 404 || problem.status === 410) adres = null;
      }
    }
  }

  /** Where the server takes the file in, and how far it is. */
  private async find(bestand: Bestand, adres: string | null): Promise<[string, Response]> {
    if (adres) return [adres, await this.verbinding.request(adres, { method: 'HEAD', headers: TUS })];
    const told = Object.entries({ bijlage: bestand.id, sha256: bestand.sha256 });
    const metadata = told.map(([name, value]) => `${name} ${base64(utf8(value))}`).join(',');
    const headers = { ...TUS, 'Upload-Length': String(bestand.grootte), 'Upload-Metadata': metadata };
    const answer = await this.verbinding.request('/bijlagen/uploads', { method: 'POST', headers });
    const found = (answer.headers.get('location') ?? '').replace(/^.*?\/v1/, '');
    await this.note(bestand, bestand.staat, found);
    return [found, answer];
  }

  private async sendPiece(bestand: Bestand, adres: string, at: number): Promise<Response> {
    const n = Math.floor(at / STUK), sealed = await this.opslag.db.get('stuk', [bestand.id, n]);
    if (!sealed) throw new TypeError('the file is not here any more');
    const piece = (await this.opslag.zegel.open(`stuk:${bestand.id}:${n}`, sealed)).slice(at - n * STUK);
    const checksum = `sha256 ${base64(await sha256(joined(piece)))}`;
    const headers = { ...TUS, 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': String(at), 'Upload-Checksum': checksum };
    return this.verbinding.request(adres, { method: 'PATCH', headers, body: piece });
  }

  /** How a file stands now; once it is bound its bytes are let go. */
  private async note(bestand: Bestand, staat: string, adres: string | null): Promise<void> {
    const tx = this.opslag.db.transaction(['bestand', 'stuk'], 'readwrite', { durability: 'strict' });
    tx.objectStore('bestand').put({ ...bestand, staat, adres });
    if (staat === 'gebonden') tx.objectStore('stuk').delete(IDBKeyRange.bound([bestand.id, 0], [bestand.id, Number.MAX_SAFE_INTEGER]));
    await tx.done;
  }
}

const offset = (answer: Response): number => {
  const told = answer.headers.get('upload-offset');
  if (told === null) throw new Onbereikbaar('no tus answer');
  return Number(told);
};
