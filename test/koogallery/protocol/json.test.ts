import fc from 'fast-check';
import { expect, it } from 'vitest';
import { asciiJson, BODY_BYTES_MAX, readJsonObject } from '../../../src/koogallery/protocol/json.ts';
import { readQuery } from '../../../src/koogallery/protocol/query.ts';

it('writes ASCII that says the same', () => {
  const text = fc.string({ unit: 'grapheme' });
  fc.assert(
    fc.property(fc.dictionary(text, text, { noNullPrototype: true }), (content) => {
      const json = asciiJson(content);
      expect(json).toMatch(/^[\u0020-\u007e]*$/);
      expect(readJsonObject(Buffer.from(json))).toEqual({ ok: true, value: content, duplicates: [] });
    }),
  );
  expect(asciiJson({ memo: '云😀' })).toBe('{"memo":"\\u4e91\\ud83d\\ude00"}');
});

it('takes a byte order mark and spaces around an object', () => {
  expect(readJsonObject(Buffer.from('\ufeff {"a":1}\n'))).toEqual({
    ok: true,
    value: { a: 1 },
    duplicates: [],
  });
});

it('names what one object has twice, wherever it stands', () => {
  const body = '{"a":"{\\"a\\":","b":[{"c":1,"c" : 2},{"c":3}],"d":{"a":1},"\\u0061":2}';
  expect(readJsonObject(Buffer.from(body))).toMatchObject({ value: { a: 2 }, duplicates: ['c', 'a'] });
});

it.each([
  ['', 'empty'],
  ['  \n', 'empty'],
  ['{"a":', 'not-json'],
  ['a=b', 'not-json'],
  ['[]', 'not-an-object'],
  ['null', 'not-an-object'],
  ['"text"', 'not-an-object'],
  [`{"a":${'['.repeat(32)}${']'.repeat(32)}}`, 'too-deep'],
  [`{"a":"${'x'.repeat(BODY_BYTES_MAX)}"}`, 'too-large'],
])('refuses a body (%#) as %s', (body, reason) => {
  expect(readJsonObject(Buffer.from(body))).toEqual({ ok: false, reason });
});

it('refuses what is not UTF-8', () => {
  expect(readJsonObject(Buffer.from([0x7b, 0xff, 0x7d]))).toEqual({ ok: false, reason: 'not-utf8' });
});

it('reads a string as long as a body may be', () => {
  const body = JSON.stringify({ a: '\\"'.repeat(BODY_BYTES_MAX / 4 - 10) });
  expect(readJsonObject(Buffer.from(body))).toMatchObject({ ok: true });
});

it('reports parameters that come more than once', () => {
  expect(readQuery('a=1&b=2&a=3&__proto__=4')).toEqual({
    params: Object.fromEntries([
      ['a', '1'],
      ['b', '2'],
      ['__proto__', '4'],
    ]),
    duplicates: ['a'],
  });
});
