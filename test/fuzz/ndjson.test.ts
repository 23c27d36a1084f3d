/** Mutated NDJSON files: nothing crashes, nothing hangs, and what is read is what Python reads. */
import { execFileSync } from 'node:child_process';
import iconv from 'iconv-lite';
import { expect, it } from 'vitest';
import { createRandom, mutate, seedsToTry } from '../support/fuzz.ts';
import { MEMORY_MIB_MAX, type Read, readSafely } from './reading.ts';
import { makeNdjson } from './texts.ts';

const FAILED_ONCE: number[] = [];
const PYTHON = `
import json, re, sys
for text in sys.stdin:
    text = re.sub("(^|(?<=[\\r\\n]))\\ufeff+", "", json.loads(text)).rstrip("\\0\\x1a\\r\\n")
    rows = text.split("\\n")
    print(json.dumps([json.loads(row, object_pairs_hook=list) for row in rows if row.strip()]))
`;
/** As many texts as one Python reads. */
const CHUNK = 2_000;

interface Accepted extends Read {
  seed: number;
  text: string;
}

it('reads every file as Python does, or refuses it', async () => {
  const tally = { files: 0, refused: 0, rows: 0 };
  let accepted: Accepted[] = [];
  for (const seed of seedsToTry(FAILED_ONCE)) {
    const random = createRandom(seed);
    const bytes = mutate(makeNdjson(random).bytes, random);
    const read = await readSafely(bytes, { format: 'ndjson', random }).catch((error: unknown) => {
      throw new Error(`file ${seed}`, { cause: error });
    });
    tally.files++;
    tally.rows += read?.rows.length ?? 0;
    if (read === undefined) tally.refused++;
    else accepted.push({ ...read, seed, text: decode(bytes, read) });
    if (accepted.length < CHUNK) continue;
    compare(accepted);
    accepted = [];
  }
  compare(accepted);
  const mebibytes = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log({ ...tally, mebibytes });
  expect(tally.refused).toBeLessThan(tally.files * 0.95);
  expect(mebibytes).toBeLessThan(MEMORY_MIB_MAX);
});

function decode(bytes: Buffer, { notes }: Read): string {
  const encoding = notes[0]?.slice('read as '.length).replace(' ', '').toLowerCase() ?? 'utf-8';
  return iconv.decode(bytes, encoding);
}

function compare(accepted: readonly Accepted[]): void {
  const input = accepted.map(({ text }) => `${JSON.stringify(text)}\n`).join('');
  const output = execFileSync('python3', ['-c', PYTHON], { input, encoding: 'utf8', maxBuffer: 2 ** 28 });
  for (const [index, line] of output.split('\n').entries()) {
    const ours = accepted[index];
    if (ours) expect(objectsOf(ours), `file ${ours.seed}`).toEqual(theirs(JSON.parse(line)));
  }
}

/** Pairs, without those that are empty: an absent key and an empty value are one and the same to us. */
function objectsOf({ rows }: Read): string[][][] {
  const [{ values: columns } = { values: [] }, ...others] = rows;
  return others.map(({ values }) => sorted(values.map((value, index) => [columns[index] ?? '', value])));
}

function theirs(objects: [string, unknown][][]): string[][][] {
  return objects.map((pairs) => sorted(pairs.map(([key, value]) => [key, String(value ?? '')])));
}

const sorted = (pairs: string[][]) => pairs.filter(([, value]) => value !== '').sort();
