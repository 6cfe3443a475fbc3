// `makeToken` of the docs against a server that is told what to answer: a status, or nothing at all (`stil`).
import { keyed, obey } from './device.mjs';
import { makeToken } from './uit_docs/api.mjs';

await obey({
  begin: () => {},
  ask: async ({ answers, calls, kept }) => {
    const sent = [], keys = keyed();
    let asked = 0, refused = 0;
    if (kept) await keys.setItem('veldboek-refresh', kept);
    globalThis.fetch = (_, { body, signal }) => {
      const answer = answers[sent.push(body.get('grant_type')) - 1];
      if (answer === 'stil') return new Promise((_done, fail) => { signal.addEventListener('abort', () => fail(new Error('stil'))); });
      return Promise.resolve(new Response(JSON.stringify({ access_token: `t${sent.length}`, refresh_token: 'r' }), { status: answer }));
    };
    const token = makeToken('http://nergens', keys, async () => { asked += 1; return { client_id: 'c' }; }, 200, () => { refused += 1; });
    const heard = await Promise.allSettled(Array.from({ length: calls }, () => token()));
    const after = await Promise.resolve(token()).catch((error) => error.message);
    return { heard: heard.map((each) => each.value ?? each.reason.message), after, sent, asked, refused };
  },
});
