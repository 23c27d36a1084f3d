import fc from 'fast-check';
import { expect, it } from 'vitest';
import { answerHeaders, bodySign, verifyBodySign } from '../../../src/koogallery/protocol/body-sign.ts';

const KEYS = { current: 'the key', previous: 'the key before it' };

it('is taken for any body it was made for, and for no other', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (body) => {
      const header = bodySign(KEYS.current, body);
      expect(verifyBodySign({ header, body: Buffer.from(body) }, KEYS)).toMatchObject({ key: 'current' });
      const longer = verifyBodySign({ header, body: `${body}\n` }, KEYS);
      expect(longer).toEqual({ valid: false, reason: 'mismatch' });
    }),
  );
});

it('has both values in double quotes', () => {
  expect(bodySign('key', '{}')).toMatch(/^sign_type="HMAC-SHA256", signature= "[A-Za-z0-9+/]{43}="$/);
});

it('goes with the one content type that is accepted', () => {
  expect(answerHeaders('key', '{}')).toEqual({
    'Body-Sign': bodySign('key', '{}'),
    'Content-Type': 'application/json; charset=utf-8',
  });
});

it('may be written without the space, as the FAQ does', () => {
  const header = bodySign(KEYS.previous, '{}').replace('= "', '="');
  expect(verifyBodySign({ header, body: '{}' }, KEYS)).toMatchObject({ valid: true, key: 'previous' });
});

it.each([
  [undefined, 'missing'],
  ['', 'missing'],
  ['sign_type=HMAC-SHA256, signature="abc="', 'malformed'],
  ['sign_type="HMAC-SHA256", signature=abc=', 'malformed'],
  ['signature="abc="', 'malformed'],
  ['sign_type="HMAC-SHA256", signature="abc="', 'mismatch'],
])('refuses %j as %s', (header, reason) => {
  expect(verifyBodySign({ header, body: '{}' }, KEYS)).toEqual({ valid: false, reason });
});
