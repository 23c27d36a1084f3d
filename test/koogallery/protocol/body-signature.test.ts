import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  kitSignature,
  type SignedBody,
  sortedPayload,
  v2Signature,
  verifyKit,
  verifyV2,
} from '../../../src/koogallery/protocol/body-signature.ts';

const KEYS = { current: 'the key', previous: 'the key before it' };
const NOW = 1_680_508_066_618;
const TERMS = { keys: KEYS, nowMs: NOW };

const jsonBody = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue({ maxDepth: 3 }));

interface Signing {
  key?: string;
  timestamp?: string;
  /** What is signed, if it is not what is sent. */
  payload?: string;
}

function signed(
  body: string,
  { key = KEYS.current, timestamp = String(NOW), payload = body }: Signing = {},
): SignedBody {
  const nonce = 'a nonce';
  return {
    signature: v2Signature(key, { nonce, timestamp, payload }),
    timestamp,
    nonce,
    body: Buffer.from(body),
  };
}

it('takes any body that was signed as it was sent, of both kinds', () => {
  fc.assert(
    fc.property(jsonBody, fc.string({ minLength: 1, unit: 'grapheme' }), (content, nonce) => {
      const payload = JSON.stringify(content);
      const call = { timestamp: String(NOW), nonce, body: Buffer.from(payload) };
      const expected = { valid: true, key: 'current', variant: 'raw', nonce, timestampMs: NOW };
      const signable = { nonce, timestamp: call.timestamp, payload };
      expect(verifyV2({ ...call, signature: v2Signature(KEYS.current, signable) }, TERMS)).toEqual(expected);
      expect(verifyKit({ ...call, signature: kitSignature(KEYS.current, signable) }, TERMS)).toEqual(
        expected,
      );
    }),
  );
});

it('takes a body whose sorted form was signed, and says so', () => {
  const body =
    '{ "orderId": "订单 1",\n "activity": "newInstance", "gone": null, "2": {"z": 1, "a": null}, "10": 5 }';
  const payload = '{"10":5,"2":{"z":1,"a":null},"activity":"newInstance","orderId":"订单 1"}';
  expect(verifyV2(signed(body, { payload }), TERMS)).toMatchObject({ valid: true, variant: 'sorted' });
});

it('sorts any object so that sorting it again changes nothing', () => {
  fc.assert(
    fc.property(jsonBody, (content) => {
      const payload = sortedPayload(content);
      expect(sortedPayload(JSON.parse(payload))).toBe(payload);
    }),
  );
});

it('takes the previous key too, and says so', () => {
  expect(verifyV2(signed('{}', { key: KEYS.previous }), TERMS)).toMatchObject({ key: 'previous' });
  expect(verifyV2(signed('{}', { key: KEYS.previous }), { ...TERMS, keys: { current: 'x' } })).toEqual({
    valid: false,
    reason: 'mismatch',
  });
});

it('takes nothing under an empty key', () => {
  const terms = { ...TERMS, keys: { current: '', previous: '' } };
  expect(verifyV2(signed('{}', { key: '' }), terms)).toEqual({ valid: false, reason: 'mismatch' });
});

it('takes a signature in upper case, and a timestamp in seconds', () => {
  const request = signed('{}', { timestamp: '1680508066' });
  const upper = { ...request, signature: request.signature?.toUpperCase() };
  expect(verifyV2(upper, TERMS)).toMatchObject({ valid: true, timestampMs: 1_680_508_066_000 });
});

it.each([
  [-60_000, undefined],
  [60_000, undefined],
  [-60_001, 'stale'],
  [60_001, 'early'],
])('with a timestamp %i ms from now: %s', (offset, reason) => {
  const checked = verifyV2(signed('{}', { timestamp: String(NOW + offset) }), TERMS);
  expect(checked).toMatchObject(reason === undefined ? { valid: true } : { valid: false, reason });
});

it('has a window that can be wider', () => {
  const request = signed('{}', { timestamp: String(NOW - 300_000) });
  expect(verifyV2(request, { ...TERMS, windowMs: 300_000 })).toMatchObject({ valid: true });
});

it.each([
  ['missing', { signature: undefined }],
  ['missing', { nonce: '' }],
  ['missing', { timestamp: undefined }],
  ['malformed', { timestamp: 'yesterday' }],
  ['malformed', { signature: '497BCA0F' }],
  ['mismatch', { nonce: 'another nonce' }],
  ['mismatch', { timestamp: String(NOW + 1) }],
  ['mismatch', { body: Buffer.from('{"a":1}') }],
  ['mismatch', { body: Buffer.from('not JSON') }],
] as const)('refuses as %s: %j', (reason, change) => {
  expect(verifyV2({ ...signed('{}'), ...change }, TERMS)).toEqual({ valid: false, reason });
});

it('does not take one kind of signature for the other', () => {
  expect(verifyKit(signed('{}'), TERMS)).toEqual({ valid: false, reason: 'mismatch' });
});

it('refuses a body nested to exhaustion without failing', () => {
  const body = `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`;
  expect(verifyV2(signed(body, { payload: 'x' }), TERMS)).toEqual({ valid: false, reason: 'mismatch' });
});
