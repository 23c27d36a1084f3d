/** No hint of the console is a command of the shell, where the console has a button or a page for it. */
import { expect, it } from 'vitest';
import { hints, NOT_FOR_HERE } from '../../src/console/text/hints.ts';
import { ERROR_CODES } from '../../src/error-codes.ts';

/** What nobody can do in a browser, or what no answer to the console says. */
const FOR_A_SHELL = [
  ...[
    'REDIS_UNREACHABLE',
    'USAGE',
    'PEER_MISMATCH',
    'ADOPTION_NEEDED',
    'ACCESS_KEY_SHARED',
    'LEDGER_WENT_BACK',
    'LEDGER_EMPTY',
  ],
  ...['ROUTE_UNKNOWN', 'MEDIA_TYPE_REFUSED', 'INTERNAL_ERROR', 'OUTPUT_EXISTS', 'ROW_UNREADABLE'],
];

it('has words of its own for each hint that is for a shell', () => {
  const without = Object.entries(ERROR_CODES)
    .filter(([code, { hint }]) => NOT_FOR_HERE.test(hint) && hints.en.code[code] === undefined)
    .map(([code]) => code);
  expect(without.filter((code) => !FOR_A_SHELL.includes(code))).toEqual([]);
});

it('says each in both languages, and names no command in them but that of a worker', () => {
  const [en, zh] = [hints.en, hints.zh].map(({ hold, code }) => ({ ...hold, ...code }));
  expect(Object.keys(zh ?? {})).toEqual(Object.keys(en ?? {}));
  for (const [name, text] of Object.entries({ ...en, noWorker: '' }))
    expect([name, NOT_FOR_HERE.test(text)]).toEqual([name, false]);
  for (const [name, text] of Object.entries(zh ?? {}))
    expect([name, /[\u4e00-\u9fff]/.test(text)]).toEqual([name, true]);
  const known = Object.keys(ERROR_CODES);
  expect(Object.keys(hints.en.code).filter((code) => !known.includes(code))).toEqual([]);
});
