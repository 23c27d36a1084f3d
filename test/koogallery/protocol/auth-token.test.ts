import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  authToken,
  kitAuthToken,
  verifyKitToken,
  verifyQuery,
} from '../../../src/koogallery/protocol/auth-token.ts';
import { type Params, queryOf, writeQuery } from '../../../src/koogallery/protocol/query.ts';

const KEYS = { current: 'the key', previous: 'the key before it' };
const TIME = { timeStamp: '20240102030405678' };

function signedQuery(params: Params, key = KEYS.current): Params {
  const all = { ...params, ...TIME };
  return { ...all, authToken: authToken(key, all) };
}

it('takes any parameters, known or not, with any values', () => {
  const hostile = fc.constantFrom('+', '/', '=', '&', ' ', '%', '%2B', '中文 商店', '?', '#', '😀', '"');
  const value = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.array(hostile).map((parts) => parts.join('')),
  );
  const name = fc.string({ unit: 'grapheme', minLength: 1 }).filter((each) => each !== 'authToken');
  fc.assert(
    fc.property(fc.dictionary(name, value, { noNullPrototype: true }), (params) => {
      const sent = signedQuery(params);
      const checked = verifyQuery(writeQuery(sent), KEYS);
      expect(checked).toEqual({ valid: true, key: 'current', variant: 'form', params: sent });
    }),
  );
});

it('sorts names by code unit, capital letters first', () => {
  expect(authToken('k', { b: '1', B: '2', ...TIME })).toBe(authToken('k', { ...TIME, B: '2', b: '1' }));
  expect(authToken('k', { b: '1', B: '2' })).not.toBe(authToken('k', { b: '2', B: '1' }));
});

it('takes a + in the token that became a space', () => {
  let sent = signedQuery({ n: '0' });
  for (let n = 1; !sent.authToken?.includes('+'); n += 1) sent = signedQuery({ n: String(n) });
  const query = `n=${sent.n}&timeStamp=${sent.timeStamp}&authToken=${sent.authToken}`;
  expect(verifyQuery(query, KEYS)).toMatchObject({ valid: true, variant: 'form' });
});

it('takes values whose + was not encoded, and gives them back with it', () => {
  const sent = signedQuery({ email: 'abc+def/gh=', customerName: '云 商店' });
  const query = writeQuery(sent).replaceAll('%2B', '+');
  expect(verifyQuery(query, KEYS)).toEqual({ valid: true, key: 'current', variant: 'literal', params: sent });
});

it('takes values that were encoded twice, and gives them back plain', () => {
  const sent = signedQuery({ email: 'abc+def/gh=', customerName: '云 商店 & 100%' });
  const twice = Object.fromEntries(
    Object.entries(sent).map(([name, value]): [string, string] => [name, encodeURIComponent(value)]),
  );
  expect(verifyQuery(writeQuery(twice), KEYS)).toEqual({
    valid: true,
    key: 'current',
    variant: 'double',
    params: sent,
  });
});

it('takes the first value of a parameter that comes twice', () => {
  const query = `${writeQuery(signedQuery({ orderId: 'A' }))}&orderId=B`;
  expect(verifyQuery(query, KEYS)).toMatchObject({ valid: true, params: { orderId: 'A' } });
  expect(verifyQuery(`orderId=B&${query}`, KEYS)).toEqual({ valid: false, reason: 'mismatch' });
});

it('takes the previous key too, and says so', () => {
  const query = writeQuery(signedQuery({ orderId: 'A' }, KEYS.previous));
  expect(verifyQuery(query, KEYS)).toMatchObject({ valid: true, key: 'previous' });
});

it.each([
  ['', 'missing'],
  ['timeStamp=20240102030405678', 'missing'],
  ['authToken=x', 'missing'],
  ['authToken=x&timeStamp=20240102030405678', 'mismatch'],
  ['authToken=%E0%A4%A&timeStamp=%', 'mismatch'],
])('refuses %j as %s', (query, reason) => {
  expect(verifyQuery(query, KEYS)).toEqual({ valid: false, reason });
});

it('finds the query behind the first question mark only', () => {
  expect(queryOf('/koogallery/a?b=c?d')).toBe('b=c?d');
  expect(queryOf('/koogallery/a')).toBe('');
});

it('takes a kit call by the top level of its body, without what is blank', () => {
  const body = { ...TIME, flag: 1, name: '云商店', none: null, blank: ' ', empty: '', tree: [{ a: 'b' }] };
  const token = kitAuthToken(KEYS.current, body);
  const shown = { ...TIME, flag: '1', name: '云商店', tree: '[{"a":"b"}]' };
  expect(token).toBe(authToken(KEYS.current, shown));
  expect(verifyKitToken({ token, body }, KEYS)).toEqual({ valid: true, key: 'current', variant: 'form' });
  const changed = { token, body: { ...body, flag: 0 } };
  expect(verifyKitToken(changed, KEYS)).toEqual({ valid: false, reason: 'mismatch' });
  const untimed = { token, body: { flag: 1 } };
  expect(verifyKitToken(untimed, KEYS)).toEqual({ valid: false, reason: 'missing' });
  expect(verifyKitToken({ token: undefined, body }, KEYS)).toEqual({ valid: false, reason: 'missing' });
});
