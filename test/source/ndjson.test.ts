/** NDJSON of other programs. */
import { describe, expect, it } from 'vitest';
import { openSpool, type SpooledRow } from '../../src/batch/spool.ts';
import { byteByByte, readBytes } from '../support/source.ts';

const read = (content: string) => readBytes(content, { format: 'ndjson' });

it('splits lines at line feeds only', async () => {
  const { rows } = await read('{"a":"1\u2028\u2029\u0085\\n2"}\r\n\r\n\ufeff{"a":"3"}\r\n\u001a');
  expect(rows).toEqual([
    { line: 0, values: ['a'] },
    { line: 1, values: ['1\u2028\u2029\u0085\n2'] },
    { line: 3, values: ['3'] },
  ]);
});

it('keeps rows with any line separator between checking and enqueuing', async () => {
  await using spool = await openSpool();
  const row = { row: 1, agreement: 'a\u2028b\u2029c\u0085d\r\ne.pdf' } as SpooledRow;
  await spool.write([row, row]);
  const chunks = [];
  for await (const chunk of spool.read(10)) chunks.push(chunk);
  expect(chunks).toEqual([[row, row]]);
});

it('takes names of JavaScript for keys like any other, and what is absent for empty', async () => {
  const names = ['constructor', 'toString', '__proto__', 'hasOwnProperty', 'valueOf'];
  const full = `{${names.map((name) => `"${name}":"${name}!"`).join()}}`;
  const { rows } = await read(`${full}\n{}\n{"__proto__":"x"}`);
  expect(rows.map(({ values }) => values)).toEqual([
    names,
    names.map((name) => `${name}!`),
    ['', '', '', '', ''],
    ['', '', 'x', '', ''],
  ]);
  await expect(read('{"a":"1"}\n{"constructor":"2"}')).rejects.toMatchObject({ code: 'INPUT_JSON' });
});

it('reads UTF-16 as well, cut anywhere', async () => {
  const bytes = Buffer.from('\ufeff{"a":"杭州"}\n', 'utf16le');
  const { rows, notes } = await readBytes(byteByByte(bytes), { format: 'ndjson' });
  expect(rows[1]?.values).toEqual(['杭州']);
  expect(notes).toEqual(['read as UTF-16 LE']);
});

describe('refuses by name', () => {
  it.each([
    ['{"id":"1"}\n{"id":0012}', 'Line 2 is not one JSON object.'],
    [
      '{"id":12345678901234567890}',
      'Line 1 has a value for "id" that is not text but the number 1234567890123456',
    ],
    ['{"id":-0}', 'Line 1 has a value for "id" that is not text but the number 0; put it in quotes.'],
    ['{"id":["1"]}', 'Line 1 has a value for "id" that is not text but a list.'],
    ['{"id":{"a":"1"}}', 'Line 1 has a value for "id" that is not text but an object.'],
    ['{"id":"bad\\ud800name"}', 'Line 1 has a value for "id" that holds half a character'],
    ['{"id":"\\udc00\\ud800"}', 'Line 1 has a value for "id" that holds half a character'],
    ['{"\\ud800":"1"}', 'Line 1 has the key "·", which holds half a character'],
    ['{"id":"1","a\\"":"\\":","id":"2"}', 'Line 1 has the key "id" twice.'],
    ['{"id":"1","\\u0069d":"2"}', 'Line 1 has the key "id" twice.'],
    ['[{"id":"1"}]', 'The file is a JSON array.'],
    ['[\n{"id":"1"}\n]', 'The file is a JSON array.'],
    ['{\n"id":"1"\n}', 'Line 1 is not one JSON object; write each object on a line of its own'],
    ['{"id":"1"}{"id":"2"}', 'Line 1 is not one JSON object.'],
    ['{"id":"1"}\n[{"id":"1"}]', 'Line 2 is a JSON list; write each of its objects on a line of its own.'],
    ['"text"', 'Line 1 is not one JSON object.'],
    ['null', 'Line 1 is not one JSON object.'],
    [`{"id":"1"}\n{"id":"${'x'.repeat(200_000)}"}`, 'Line 2 has more than 131072 characters.'],
    [`${'['.repeat(1_000_000)}`, 'The file is a JSON array.'],
    [
      `{${Array.from({ length: 2_000 }, (_, n) => `"${n}":""`).join()}}`,
      'Line 1 has 2000 keys; the limit is 1000.',
    ],
  ])('%.60j', async (content, message) => {
    await expect(read(content)).rejects.toMatchObject({
      code: expect.stringMatching(/^INPUT_(JSON|TOO_LONG|FORMAT)$/),
      message: expect.stringContaining(message),
    });
  });
});
