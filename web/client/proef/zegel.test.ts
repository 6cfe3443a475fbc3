/** What is on the device opens with its PIN only, and only where it was put. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { text, utf8 } from '../bytes.ts';
import { unwrap, wrap, Zegel } from '../zegel.ts';

test('sealed bytes open where they were put, and nowhere else', async () => {
  const zegel = new Zegel(await Zegel.generate()), sealed = await zegel.seal('outbox:1', utf8('in de kelder'));
  assert.equal(text(await zegel.open('outbox:1', sealed)), 'in de kelder');
  await assert.rejects(zegel.open('outbox:2', sealed));
  await assert.rejects(new Zegel(await Zegel.generate()).open('outbox:1', sealed));
  sealed[20] = (sealed[20] ?? 0) ^ 1;
  await assert.rejects(zegel.open('outbox:1', sealed));
});

test('the PIN opens, another gives null, and what it gave stays in the browser', async () => {
  const key = await Zegel.generate(), kept = await wrap(key, '230758');
  const sealed = await new Zegel(key).seal('a', utf8('b')), again = await unwrap(kept, '230758');
  assert.ok(again);
  assert.equal(text(await new Zegel(again).open('a', sealed)), 'b');
  await assert.rejects(crypto.subtle.exportKey('raw', again));
  assert.equal(await unwrap(kept, '230759'), null);
  assert.notDeepEqual((await wrap(key, '230758')).sleutel, kept.sleutel);
});
