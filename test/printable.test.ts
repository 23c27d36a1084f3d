import { expect, it } from 'vitest';
import { cut, inLine, printable, quoted } from '../src/printable.ts';

it.each([
  ['ESC', '\u001b[31m', '\\u001b[31m'],
  ['C1', '\u009b31m', '\\u009b31m'],
  ['bidi', 'fdp.\u202eexe', 'fdp.\\u202eexe'],
  ['a carriage return, which would write over the line', 'a\rb', 'a\\u000db'],
  ['half of a character', '\ud83d!', '\\ud83d!'],
  ['a tag beyond U+FFFF', '\u{e0041}', '\\udb40\\udc41'],
])('writes %s as its escape', (_name, text, shown) => {
  expect(printable(text)).toBe(shown);
  expect(inLine(text)).toBe(shown);
});

it('leaves what people read as it is', () => {
  const text = '例子 ＋ Söhne 👩‍💻 می‌روم 葛\u{e0100}城';
  expect(inLine(text)).toBe(text);
});

it('keeps lines in a text of ours, and not in a piece from outside', () => {
  expect(printable('a\n\tb')).toBe('a\n\tb');
  expect(quoted('a\nb')).toBe('"a\\u000ab"');
});

it('leaves a JSON text valid and its meaning the same', () => {
  const value = { a: '\\\u202e\u009b"\u001b\ud800', b: ['\u{e0041}'] };
  expect(JSON.parse(printable(JSON.stringify(value)))).toEqual(value);
});

it.each([
  ['a😀', 2, 'a'],
  ['a😀', 3, 'a😀'],
  ['\ud83dbc', 2, '\ufffdb'],
  ['abc', 9, 'abc'],
])('cuts %j after %i units and never in the middle of a character', (text, length, expected) => {
  expect(cut(text, length)).toBe(expected);
});
