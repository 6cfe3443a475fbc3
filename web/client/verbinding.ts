/** One signed-in person on the API: tokens, waiting when told to, problems as exceptions. */

const [POGINGEN, LANGSTE_WACHT, GEDULD] = [5, 60, 30_000];
const LEESBAAR = new Set(['application/json', 'application/x-ndjson', 'text/event-stream']);

/** What the server answered that is not a success (RFC 9457). */
export class ApiProbleem extends Error {
  override readonly name = 'ApiProbleem';
  readonly status: number;
  /** The last part of its type. */
  readonly slug: string;
  readonly detail: string;
  /** Seconds: nothing was processed, send it again after these. */
  readonly wacht: number | null;
  /** The signed order that came with `toestel-ingetrokken`. */
  readonly opdracht: string | null;

  constructor(status: number, slug: string, detail: string, wacht: number | null, opdracht: string | null) {
    super(`${status} ${slug}: ${detail}`);
    [this.status, this.slug, this.detail, this.wacht, this.opdracht] = [status, slug, detail, wacht, opdracht];
  }

  /** Whatever answered: a proxy in between speaks no problem+json. */
  static async read(answer: Response): Promise<ApiProbleem> {
    const told: unknown = await answer.json().catch(() => null);
    const { type, detail, opdracht } = (typeof told === 'object' && told !== null ? told : {}) as Record<string, unknown>;
    const slug = typeof type === 'string' ? type.slice(type.lastIndexOf('/') + 1) : 'onleesbaar-antwoord';
    const after = answer.headers.get('retry-after') ?? '';
    const wacht = answer.status === 429 || answer.status === 503 ? (/^\d+$/.test(after) ? Number(after) : 1) : null;
    return new ApiProbleem(answer.status, slug, String(detail ?? ''), wacht, typeof opdracht === 'string' ? opdracht : null);
  }
}

/** The line broke, or nobody answered: whether the server got it is unknown. Everything that writes may be sent again. */
export class Onbereikbaar extends Error {
  override readonly name = 'Onbereikbaar';
}

/** Where the login comes from, and where its refresh token is kept: safely, it stands for the officer. */
export interface Aanmelding {
  /** Asks the officer, and again when it was wrong, with why: `gebruikersnaam`, `wachtwoord`, and what goes with them. */
  vraag(waarom?: string): Promise<Record<string, string>>;
  lees(): Promise<string | null>;
  bewaar(refresh: string | null): Promise<void>;
}

export interface Opties {
  readonly client?: string;
  readonly fetch?: typeof fetch;
  readonly slaap?: (seconds: number) => Promise<void>;
  /** ms; a line that died may never say so. */
  readonly geduld?: number;
}

export class Verbinding {
  readonly adres: string;
  private readonly aanmelding: Aanmelding;
  private bearer: string | null = null;
  private asking: Promise<string> | null = null;
  private readonly client: string;
  private readonly ask: typeof fetch;
  private readonly slaap: (seconds: number) => Promise<void>;
  private readonly geduld: number;

  constructor(adres: string, aanmelding: Aanmelding, opties: Opties = {}) {
    [this.adres, this.aanmelding] = [adres, aanmelding];
    this.client = opties.client ?? 'veldboek';
    this.ask = opties.fetch ?? ((...given) => fetch(...given));
    this.slaap = opties.slaap ?? ((seconds) => new Promise((done) => setTimeout(done, seconds * 1000)));
    this.geduld = opties.geduld ?? GEDULD;
  }

  /** Forgets the tokens: the next request asks the officer. */
  async forget(): Promise<void> {
    this.bearer = null;
    await this.aanmelding.bewaar(null);
  }

  /** Ends this login, here and at the server (RFC 7009); what was recorded waits for the next one. */
  async signOut(): Promise<void> {
    const token = (await this.aanmelding.lees()) ?? this.bearer;
    if (token) await this.send('/oauth/revoke', { method: 'POST', body: new URLSearchParams({ client_id: this.client, token }) });
    await this.forget();
  }

  async get<T>(pad: string, vraag: Record<string, string> = {}): Promise<T> {
    const asked = new URLSearchParams(vraag).toString();
    return (await (await this.request(asked ? `${pad}?${asked}` : pad)).json()) as T;
  }

  async post<T>(pad: string, body: unknown): Promise<T> {
    const headers = { 'Content-Type': 'application/json' };
    return (await (await this.request(pad, { method: 'POST', headers, body: JSON.stringify(body) })).json()) as T;
  }

  /** Hands back an order that was carried out. Needs no login: after an erasure there is none. */
  async reportDone(opdracht: string): Promise<void> {
    const headers = { 'Content-Type': 'application/json' };
    await this.send('/toestelopdrachten/uitvoering', { method: 'POST', headers, body: JSON.stringify({ opdracht }) });
  }

  /** Sends as the signed-in person; a token that ran out is renewed. Throws ApiProbleem, Onbereikbaar. */
  async request(pad: string, init: RequestInit = {}): Promise<Response> {
    const bearer = this.bearer ?? (await this.enter());
    const as = (token: string) => ({ ...init, headers: { ...init.headers, Authorization: `Bearer ${token}` } });
    try {
      return await this.send(pad, as(bearer));
    } catch (problem) {
      if (!(problem instanceof ApiProbleem) || problem.status !== 401) throw problem;
      if (this.bearer === bearer) this.bearer = null;
      if (problem.slug !== 'token-verlopen') await this.forget(); // not merely run out: this login is worth nothing any more
      return this.send(pad, as(this.bearer ?? (await this.enter())));
    }
  }

  /** The lines of an answer as they come. A line that is cut: Onbereikbaar, after the last whole one. */
  async *lines(pad: string, signal?: AbortSignal): AsyncGenerator<string> {
    const answer = await this.request(pad, { signal: signal ?? null });
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    if (!reader) throw new Onbereikbaar('no stream');
    try {
      for (let rest = ''; ; ) {
        const { done, value } = await reader.read().catch((error: unknown) => {
          throw new Onbereikbaar('cut', { cause: error });
        });
        if (done) return;
        const found = (rest + value).split('\n');
        rest = found.pop() ?? '';
        yield* found;
      }
    } finally {
      reader.cancel().catch(() => undefined); // of a line that is gone already
    }
  }

  /** Waits as long as the server asks (429, 503): then nothing was processed. */
  private async send(pad: string, init: RequestInit): Promise<Response> {
    for (let poging = 1; ; poging += 1) {
      const signal = init.signal ?? AbortSignal.timeout(this.geduld);
      const answer = await this.ask(`${this.adres}/v1${pad}`, { ...init, signal }).catch((error: unknown) => {
        throw new Onbereikbaar('no answer', { cause: error });
      });
      const soort = (answer.headers.get('content-type') ?? 'application/json').split(';')[0]?.trim().toLowerCase() ?? '';
      if (answer.ok && LEESBAAR.has(soort)) return answer; // a captive portal answers 200 too, with a page of its own
      const problem = await ApiProbleem.read(answer);
      if (problem.wacht === null || problem.wacht > LANGSTE_WACHT || poging === POGINGEN) throw problem;
      await this.slaap(problem.wacht);
    }
  }

  /** Whoever asks meanwhile waits for the same token: who renews twice with one refresh token is signed out. */
  private enter(): Promise<string> {
    this.asking ??= this.renew().finally(() => {
      this.asking = null;
    });
    return this.asking;
  }

  private async renew(): Promise<string> {
    const refresh = await this.aanmelding.lees();
    if (refresh) {
      const renewed = await this.grant({ grant_type: 'refresh_token', refresh_token: refresh });
      if (typeof renewed !== 'object') return renewed;
    }
    for (let waarom: string | undefined; ; ) {
      const found = await this.grant({ grant_type: 'password', ...(await this.aanmelding.vraag(waarom)) });
      if (typeof found !== 'object') return found;
      waarom = found.waarom;
    }
  }

  /** A token; or why this login, or password, is refused. Anything else is no answer, and is thrown. */
  private async grant(form: Record<string, string>): Promise<string | { waarom: string }> {
    try {
      const body = new URLSearchParams({ client_id: this.client, ...form });
      const told = await (await this.send('/oauth/token', { method: 'POST', body })).json();
      await this.aanmelding.bewaar(told.refresh_token);
      this.bearer = String(told.access_token);
      return this.bearer;
    } catch (problem) {
      if (problem instanceof ApiProbleem && problem.status === 400) return { waarom: problem.detail };
      throw problem;
    }
  }
}
