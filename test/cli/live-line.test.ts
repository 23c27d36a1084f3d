/** The line that people watch, on real terminals of every width. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import stringWidth from 'string-width';
import { expect, it } from 'vitest';
import { renderBar, renderLine } from '../../src/cli/bar.ts';
import { cut } from '../../src/cli/live-line.ts';

const PROGRESS = {
  ...{ total: 100, done: 50, submitted: 49, failed: 1, retrying: 0, throttled: 3, perSecond: 5 },
  etaSeconds: 10,
};
const LINE = '50/100  submitted 49  failed 1  throttled 3  5.0/s  ETA 10s';
const support = (name: string) => fileURLToPath(new URL(`../support/${name}`, import.meta.url));
const run = promisify(execFile);

/** @returns what a terminal got while it had each width */
async function watchOn(widths: readonly number[], term: string): Promise<[number, string][]> {
  const program = [process.execPath, '--import', 'tsx', support('watched.ts')];
  const resizes = term === 'dumb' ? 0 : widths.length - 1;
  const { stdout } = await run(
    'python3',
    [support('on-terminal.py'), widths.join(','), ...program, String(resizes)],
    { env: { ...process.env, TERM: term } },
  );
  return JSON.parse(stdout);
}

it('fits a terminal of 80, 40 and 20 columns, each from the moment it has them', async () => {
  const seen = await watchOn([80, 40, 20], 'xterm');
  expect(seen.map(([columns]) => columns)).toEqual([80, 40, 20]);
  // The line break is what the terminal echoes of the one that begins the program.
  const lines = seen.map(([, text]) => text.split('\r\u001b[2K').slice(1));
  expect(lines.map((drawn) => drawn[0])).toEqual([
    '500000/1000000  submitted 499990  failed 10  2 retrying  4.9/s  ETA 28h 20m',
    '500000/1000000  failed 10  ETA 28h 20m',
    '500000/1000000',
  ]);
  expect(lines.at(-1)?.at(-1)).toBe('1000000/1000000\r\n');
  for (const [index, drawn] of lines.entries())
    for (const line of drawn) expect(stringWidth(line.trimEnd())).toBeLessThan(seen[index]?.[0] ?? 0);
});

it('draws nothing on a terminal that cannot, but says lines', async () => {
  const [[, text = ''] = []] = await watchOn([80], 'dumb');
  expect(text).not.toContain('\u001b');
  expect(text.trim().split('\r\n')).toEqual([
    expect.stringContaining('500000/1000000  submitted'),
    expect.stringContaining('1000000/1000000  submitted'),
  ]);
});

it('has room for a bar beside all of the line, and says how many rows are tried again', () => {
  expect(renderLine(PROGRESS)).toBe(LINE);
  expect(renderBar(PROGRESS, 200)).toBe(`[${'#'.repeat(12)}${'.'.repeat(12)}] ${LINE}`);
  expect(renderLine({ ...PROGRESS, retrying: 2 })).toContain('failed 1  2 retrying  throttled 3');
});

it('never takes more than its columns', () => {
  for (let columns = 0; columns < 120; columns++)
    expect(cut(renderBar({ ...PROGRESS, retrying: 2 }, columns), columns).length).toBeLessThanOrEqual(
      columns,
    );
});

it.each([
  ['示例公司导入', 12, '示例公司导入'],
  ['示例公司导入', 11, '示例公司…'],
  ['示例公司导入', 3, '…'],
  ['👩‍👩‍👧‍👦 family', 5, '👩‍👩‍👧‍👦 …'],
  ['abc', 1, ''],
])('cuts %j to %d columns between characters', (text, columns, expected) => {
  expect(cut(text, columns)).toBe(expected);
});
