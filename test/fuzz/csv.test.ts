/** Mutated CSV files: nothing crashes, nothing hangs, and what is read is what another parser reads. */
import iconv from 'iconv-lite';
import Papa from 'papaparse';
import { expect, it } from 'vitest';
import { createRandom, mutate, seedsToTry } from '../support/fuzz.ts';
import { MEMORY_MIB_MAX, type Read, readSafely } from './reading.ts';
import { makeCsv } from './texts.ts';

const SEPARATORS: Record<string, string> = { 'semicolon-separated': ';', 'tab-separated': '\t' };
/** 66: the parser drops the quotes around a cell that a character zero follows. */
const FAILED_ONCE = [66];

it('reads every file as papaparse does, or refuses it', async () => {
  const tally = { files: 0, refused: 0, rows: 0 };
  for (const seed of seedsToTry(FAILED_ONCE)) {
    const random = createRandom(seed);
    const bytes = mutate(makeCsv(random).bytes, random);
    const read = await readSafely(bytes, { format: 'csv', random }).catch((error: unknown) => {
      throw new Error(`file ${seed}`, { cause: error });
    });
    tally.files++;
    if (read === undefined) tally.refused++;
    else
      expect(normal(read.rows.map(({ values }) => values)), `file ${seed}`).toEqual(readAgain(bytes, read));
    tally.rows += read?.rows.length ?? 0;
  }
  const mebibytes = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log({ ...tally, mebibytes });
  expect(tally.refused).toBeLessThan(tally.files * 0.7);
  expect(mebibytes).toBeLessThan(MEMORY_MIB_MAX);
});

function readAgain(bytes: Buffer, { notes }: Read): string[][] {
  const encoding = notes.find((note) => note.startsWith('read as'))?.slice('read as '.length) ?? 'utf-8';
  const text = iconv
    .decode(bytes, encoding.replace(' ', '').toLowerCase())
    .replaceAll(/\r\n|\r/g, '\n')
    .replaceAll(/(?<=^|\n)\ufeff+/g, '')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what programs leave.
    .replace(/[\0\u001a][\0\u001a\n]*$/, '');
  const [sepLine = ''] = /^"?sep=[^\n"]"?[,;\t|]*(?:\n|$)/i.exec(text) ?? [];
  const note = notes.find((one) => one.includes('separated'));
  const delimiter = SEPARATORS[note ?? ''] ?? note?.slice('separated by '.length) ?? ',';
  const { data } = Papa.parse<string[]>(text.slice(sepLine.length), { delimiter, newline: '\n' });
  return normal(data);
}

/** Without what both may leave out: rows without text, and the empty cells at the end of others. */
function normal(rows: readonly string[][]): string[][] {
  return rows
    .filter((row) => row.some((cell) => cell.trim() !== ''))
    .map((row) => row.slice(0, row.findLastIndex((cell) => cell !== '') + 1))
    .map((row) => row.map((cell) => cell.replaceAll(/\r\n|\r/g, '\n')));
}
