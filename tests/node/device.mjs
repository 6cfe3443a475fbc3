// What every device script shares: JSON lines in, JSON lines out, one command at a time.
import { createInterface } from 'node:readline';

// The clients talk on the console; stdout is for our answers.
console.log = console.info = console.debug = console.warn = console.error;

export async function obey(commands) {
  for await (const line of createInterface({ input: process.stdin })) {
    const { doe, ...velden } = JSON.parse(line);
    let answer;
    try {
      answer = { uit: (await commands[doe](velden)) ?? null };
    } catch (error) {
      answer = { fout: String(error?.stack ?? error) };
    }
    process.stdout.write(JSON.stringify(answer) + '\n');
  }
  process.exit(0); // the clients keep timers; the test closed our input, so it is done
}

/** Registraties as an app writes them down when its clock shows `klokken` (in ms); without, as they are. */
export const noted = (ops, klokken, moment) => (klokken === undefined ? ops : ops.map((op, n) => {
  const now = moment(klokken[n]);
  return { ...op, waargenomenOp: now, vastgelegdOp: now };
}));

/** As localStorage, for as long as the script runs. */
export function keyed() {
  const kept = new Map();
  return { getItem: async (name) => kept.get(name) ?? null, setItem: async (name, value) => { kept.set(name, value); } };
}

/** From now on fetch has no streams: an answer comes whole (React Native), also where a polyfill hides that, or has no `body` to read. */
export function without({ wat }) {
  const real = globalThis.fetch;
  if (wat === 'streams') delete Response.prototype.body;
  globalThis.fetch = async (...args) => {
    const answer = await real(...args);
    if (wat !== 'body') return new Response(await answer.text(), answer);
    const { ok, status, headers } = answer;
    return { ok, status, headers, body: null, text: () => answer.text(), json: () => answer.json() };
  };
}
