/** The vectors of docs/kop-vectoren.json, which the server and the Python client hold too. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { b64u, text, unb64u, utf8 } from '../bytes.ts';
import { jcs, type Json } from '../jcs.ts';
import { type Operatie, sectionsOf, signOp } from '../kop.ts';
import { readOrder } from '../opdracht.ts';
import { isSigned, type Jwk, Sleutel, works } from '../sleutel.ts';

interface Vector {
  operatie: Operatie & { deviceSeq: number; kop: Json; hand: string; zouten: (string | null)[] };
  prev: string | null;
  trekkingen: string[];
  secties: Record<string, string>;
  ondertekend: string;
  kopHash: string;
}
interface Vectoren {
  canoniek: { waarde: Json; jcs: string }[];
  sleutel: { jwk: Jwk; d: string; sleutelId: string };
  inschrijving: { code: string; origin: string; ondertekend: string };
  origin: string;
  operaties: Vector[];
}
const vectoren: Vectoren = JSON.parse(readFileSync(new URL('../../../docs/kop-vectoren.json', import.meta.url), 'utf8'));

async function known(): Promise<Sleutel> {
  const { jwk, d } = vectoren.sleutel, how = { name: 'ECDSA', namedCurve: 'P-256' };
  const privateKey = await crypto.subtle.importKey('jwk', { ...jwk, d }, how, false, ['sign']);
  return Sleutel.of({ privateKey, publicKey: await crypto.subtle.importKey('jwk', jwk, how, true, ['verify']) });
}

test('canonical JSON is that of the ledger', () => {
  assert.ok(vectoren.canoniek.length);
  for (const { waarde, jcs: written } of vectoren.canoniek) assert.equal(jcs(waarde), written);
});

test('what cannot be sealed is refused', () => {
  for (const wrong of [0.5, 2 ** 53, Number.NaN, '\ud800', { a: ['\udc00'] }]) assert.throws(() => jcs(wrong), TypeError);
});

test('each operation is signed as the ledger expects', async () => {
  const sleutel = await known();
  assert.equal(sleutel.id, vectoren.sleutel.sleutelId);
  for (const { operatie, prev, trekkingen, secties, ondertekend, kopHash } of vectoren.operaties) {
    assert.deepEqual(Object.fromEntries([...(sectionsOf(operatie) ?? [])].map(([name, part]) => [name, text(part)])), secties);
    const draws = trekkingen.map(unb64u);
    const draw = () => draws.shift() ?? assert.fail('one draw for each section');
    const signed = await signOp(sleutel, vectoren.origin, operatie, { seq: operatie.deviceSeq, prev, draw });
    assert.deepEqual(signed?.velden.kop, operatie.kop);
    assert.deepEqual(signed?.velden.zouten, operatie.zouten);
    assert.equal(signed?.hash, kopHash);
    for (const hand of [operatie.hand, signed?.velden.hand ?? '']) assert.ok(await isSigned(sleutel.jwk, unb64u(hand), utf8(ondertekend)));
  }
});

test('the key proves itself for one code and one ledger', async () => {
  const sleutel = await known(), { code, origin, ondertekend } = vectoren.inschrijving;
  const bewijs = unb64u(await sleutel.prove(code, origin));
  assert.ok(await isSigned(sleutel.jwk, bewijs, utf8(ondertekend)));
  assert.ok(!(await isSigned(sleutel.jwk, bewijs, utf8(`${ondertekend} `))));
});

test('a key of this device signs and does not leave it', async () => {
  const sleutel = await Sleutel.generate();
  assert.ok(await works(sleutel));
  await assert.rejects(crypto.subtle.exportKey('jwk', sleutel.paar.privateKey));
});

test('only an order of our own server for this device is one', async () => {
  const server = await Sleutel.generate(), own = { ...server.jwk, kid: server.id };
  const part = (value: Json) => b64u(utf8(JSON.stringify(value)));
  const brief = async (head: Json, claims: Json) => {
    const told = `${part(head)}.${part(claims)}`;
    return `${told}.${await server.sign(utf8(told))}`;
  };
  const head = { alg: 'ES256', typ: 'veldboek-opdracht+jwt', kid: server.id };
  const claims = { sub: 'dit', opdracht: 'wissen', onverzonden_wissen: true };
  const good = await brief(head, claims);
  assert.deepEqual(await readOrder(good, own, 'dit'), { soort: 'wissen', onverzondenWissen: true, brief: good });
  const [, , other] = (await brief(head, { ...claims, opdracht: 'opnieuw_ophalen' })).split('.');
  const strange = await Sleutel.generate();
  const refused: [string, string, typeof own][] = [
    ['for another device', good, own],
    ['with another signature', good.replace(/[^.]*$/, other ?? ''), own],
    ['of another server', good, { ...strange.jwk, kid: server.id }],
    ['of another type', await brief({ ...head, typ: 'JWT' }, claims), own],
    ['of another key', await brief({ ...head, kid: 'x' }, claims), own],
    ['that is no order', 'geen.brief', own],
  ];
  for (const [why, given, key] of refused) assert.equal(await readOrder(given, key, why.startsWith('for') ? 'dat' : 'dit'), null, why);
});
