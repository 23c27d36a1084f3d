/** Workbooks of a few megabytes that unpack into what fills a machine: `validate` ends with less than 400 MB. */
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { HEADER_XML, makeWorkbook, rowXml, textCell } from '../support/workbook.ts';

const MEGABYTES_MAX = 400;
const TELL_MEMORY =
  'data:text/javascript,process.on("exit",()=>process.stderr.write("MB:"+(process.resourceUsage().maxRSS>>10)))';

const LONG = `<si><t>${'企'.repeat(32_000)}</t></si>`;
const refer = (times: number) => rowXml('<c t="s"><v>0</v></c>'.repeat(times));
const numbered = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => text(index)).join('');

it.each<[name: string, bytes: () => Buffer, exit: number]>([
  [
    'four million texts',
    () =>
      make(
        '',
        numbered(4_000_000, (index) => `<si><t>${index}</t></si>`),
      ),
    3,
  ],
  [
    'texts of 128 MB',
    () =>
      make(
        '',
        numbered(2_000, (index) => `<si><t>${index}${'企'.repeat(32_000)}</t></si>`),
      ),
    3,
  ],
  ['one long text in a million cells', () => make(refer(7).repeat(150_000), LONG), 3],
  ['thirty million cells', () => make(rowXml('<c s="0"/>'.repeat(300)).repeat(100_000)), 3],
  ['a text of 200 MB', () => make(rowXml(textCell('x'.repeat(200_000_000)))), 3],
  ['a million empty rows', () => make('<row/>'.repeat(1_048_575)), 3],
])('%s', async (_name, bytes, exit) => {
  const folder = await mkdtemp(join(tmpdir(), 'onboard-hostile-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, 'agreements'));
  const path = join(folder, 'x.xlsx');
  await writeFile(path, bytes());
  const { status, stderr } = spawnSync(
    process.execPath,
    [
      '--import',
      'tsx',
      '--import',
      TELL_MEMORY,
      'src/cli/main.ts',
      'validate',
      path,
      '--agreements',
      join(folder, 'agreements'),
    ],
    { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'], maxBuffer: 1 << 30 },
  );
  const megabytes = Number(/MB:(\d+)$/.exec(stderr)?.[1]);
  process.stdout.write(`${megabytes} MB; ${stderr.slice(0, 150)}\n`);
  expect(status).toBe(exit);
  expect(megabytes).toBeLessThan(MEGABYTES_MAX);
});

const make = (rows: string, texts = '') =>
  makeWorkbook({ sheets: [{ name: 'S', rows: HEADER_XML + rows }], texts });
