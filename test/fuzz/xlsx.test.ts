/**
 * Workbooks with random damage, in their XML and in their zip: each is read or refused as input, soon, and what is read is
 * what openpyxl reads in the same cell. `FUZZ_FILES` sets how many, `FUZZ_FIRST` with which seed.
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { AppError } from '../../src/errors.ts';
import type { SourceRow } from '../../src/source/row.ts';
import { columnName } from '../../src/source/xlsx/cell-text.ts';
import { SECOND_READER } from '../support/second-reader.ts';
import { HEADER_XML, makeWorkbook, readBytes, rowXml, textCell } from '../support/workbook.ts';

const RUNS = Number(process.env.FUZZ_FILES ?? 2000);
const SEED = Number(process.env.FUZZ_FIRST ?? 9);
/** Of one file; a machine that does other things has pauses of its own. */
const MS_MAX = 5000;
const HEAP_MAX = 400 * 1024 * 1024;

const random = mulberry(SEED);
const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;

/** A small generator of its own, so that a seed means the same everywhere. */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

const CELLS = [
  () => textCell(pick(['007', '企業 𠮷', '&#134071;', ' x ', 'a&#10;b', '<![CDATA[<]]>'])),
  () => `<c t="s"><v>${pick([0, 1, 2, 9])}</v></c>`,
  () =>
    `<c s="${pick([0, 1, 2, 3])}"><v>${pick(['1234', '0.5', '46024', '123456789012345678', '1E3'])}</v></c>`,
  () => pick(['<c t="b"><v>1</v></c>', '<c t="e"><v>#N/A</v></c>', '<c/>', '<c><f>A1</f></c>']),
  () => '<c t="str"><f>A1</f><v>text</v></c>',
];
const PIECES = [
  '<c>',
  '</c>',
  '<row>',
  '</row>',
  '<v>',
  '</v>',
  ' r="B2"',
  ' t="s"',
  ' t="n"',
  '9',
  '&#0;',
  '&lt;',
  '"',
];

function makeRows(): string {
  const row = () => rowXml(Array.from({ length: 7 }, () => pick(CELLS)()).join(''));
  return HEADER_XML + Array.from({ length: 1 + Math.floor(random() * 4) }, row).join('');
}

function damage(text: string): string {
  const at = Math.floor(random() * text.length);
  const end = at + Math.floor(random() * 12);
  return text.slice(0, at) + pick([...PIECES, text.slice(at, at + 40)]) + text.slice(pick([at, end]));
}

function makeDamaged(): Buffer {
  let rows = makeRows();
  const kind = random();
  if (kind < 0.7) for (let times = Math.floor(random() * 4); times > 0; times--) rows = damage(rows);
  const bytes = makeWorkbook({
    sheets: [{ name: 'S', rows }],
    formats: ['General', '00000000', 'yyyy\\-mm\\-dd', '0.00'],
    texts: '<si><t>zero</t></si><si><r><t>o</t></r><r><t>ne</t></r></si><si><t>二</t></si>',
  });
  if (kind > 0.7)
    for (let times = 0; times < 3; times++) {
      const at = Math.floor(random() * bytes.length);
      bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << pick([0, 3, 7])), at);
    }
  return bytes;
}

/** Compares, with openpyxl, what is certain: texts as they are, numbers as numbers. */
const COMPARE = `
import json, openpyxl, sys, warnings
warnings.simplefilter('ignore')
differing, compared = [], 0
for path in json.load(sys.stdin):
    try: sheet = openpyxl.load_workbook(path, data_only=True).active
    except Exception: continue
    for name, text in json.load(open(path + '.json')).items():
        value = sheet[name].value
        if value is None: continue
        compared += 1
        number = isinstance(value, (int, float)) and text.isdigit()
        same = int(text) == value if number else str(value) == text
        if not same: differing.append([path, name, text, str(value)])
print(json.dumps([compared, differing[:20]]))`;

const certainCells = (rows: readonly SourceRow[]) =>
  rows.flatMap(({ line, values, refused = [] }) =>
    values.flatMap((text, column) =>
      text === '' || text.includes('_x') || refused.some(({ index }) => index === column)
        ? []
        : [[columnName(column) + line, text] as const],
    ),
  );

it(`${RUNS} damaged workbooks (seed ${SEED})`, { timeout: 3_600_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'onboard-fuzz-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const counts = { read: 0, refused: 0, compared: 0, slowestMs: 0 };
  let paths: string[] = [];
  for (let run = 0; run < RUNS; run++) {
    const bytes = makeDamaged();
    const start = performance.now();
    const read = await readBytes(bytes).catch((error: unknown) => error);
    counts.slowestMs = Math.max(counts.slowestMs, Math.round(performance.now() - start));
    if (read instanceof Error) {
      expect(read, `run ${run}: ${read.stack}`).toBeInstanceOf(AppError);
      expect((read as AppError).class).toBe('input');
      counts.refused++;
      continue;
    }
    counts.read++;
    const path = join(folder, `${run}.xlsx`);
    await writeFile(path, bytes);
    const { rows } = read as { rows: SourceRow[] };
    await writeFile(`${path}.json`, JSON.stringify(Object.fromEntries(certainCells(rows))));
    paths.push(path);
    if (paths.length === 500 || run === RUNS - 1) {
      counts.compared += compare(paths);
      paths = [];
    }
  }
  counts.compared += compare(paths);
  process.stdout.write(`${JSON.stringify(counts)}\n`);
  expect(counts.slowestMs).toBeLessThan(MS_MAX);
  expect(process.memoryUsage().heapUsed).toBeLessThan(HEAP_MAX);
});

function compare(paths: readonly string[]): number {
  if (SECOND_READER === undefined || paths.length === 0) return 0;
  const { stdout, stderr } = spawnSync(SECOND_READER, ['-c', COMPARE], {
    input: JSON.stringify(paths),
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  const [compared, differing] = JSON.parse(stdout);
  expect(differing).toEqual([]);
  return compared;
}
