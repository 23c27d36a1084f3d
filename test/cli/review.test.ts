/** Recording reviews, listing what is awaited, and the story of a customer; rows are moved by hand, and no worker runs. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Papa from 'papaparse';
import { expect, it } from 'vitest';
import { renderMetrics } from '../../src/http/metrics.ts';
import { accountKeys } from '../../src/redis/keys.ts';
import { runCommand } from '../support/command.ts';
import { openInstallation } from '../support/installation.ts';
import { createBatch, makeRow } from '../support/ledger.ts';
import { makeWorkbook, rowXml, textCell } from '../support/workbook.ts';
import { createWorld, type World } from '../support/world.ts';

const TODAY = new Date().toISOString().slice(0, 10);
const DAY_MS = 86_400_000;

/** A batch `b` whose first rows were submitted. */
async function worldWith(rows: number, submitted: number): Promise<World> {
  const world = await createWorld();
  const numbers = Array.from({ length: rows }, (_, index) => index + 1);
  await createBatch(
    world.open.ledger,
    'b',
    numbers.map((row) => makeRow(row)),
  );
  for (const row of numbers.slice(0, submitted)) await submit(world, 'b', row);
  return world;
}

async function submit({ open: { ledger } }: World, batchId: string, row: number): Promise<void> {
  const place = { batchId, row };
  await ledger.markRow({ ...place, to: 'uploading', add: { attempts: 1 } });
  await ledger.transition({ ...place, to: 'uploaded' });
  const { record } = await ledger.markRow({ ...place, to: 'submitting', patch: { token: 't' } });
  if (record === null) throw new Error(`row ${row} was not marked`);
  await ledger.recordSuccess({ ...place, record, requestId: `REQ-${batchId}-${row}` });
}

const told = (as = 'approved') => ['--as', as, '--date', TODAY, '--evidence', 'ticket 4711'];
const reviewsOf = async ({ open }: World) => (await open.ledger.requireBatch('b')).reviews;

async function fileOf({ folder }: World, name: string, lines: string[]): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, lines.join('\n'));
  return path;
}

it('a review is recorded, repeated, changed, and told by every command', async () => {
  const world = await worldWith(2, 1);
  const first = await runCommand(world, ['review', 'b', '--row', '1', ...told()]);
  expect([first.code, first.stderr]).toEqual([
    0,
    expect.stringContaining(`Row 1 of batch b (C1) is approved on ${TODAY}.`),
  ]);
  const again = await runCommand(world, ['review', 'b', '--row', '1', ...told()]);
  expect(again.stderr).toContain('as was recorded already');
  const changed = await runCommand(world, ['review', '--customer', 'C1', ...told('rejected'), '--json']);
  expect(JSON.parse(changed.stdout)).toMatchObject({
    ...{ batch: 'b', row: 1, custSpaceId: 'C1', as: 'rejected', isNew: true, before: { as: 'approved' } },
  });
  const { stdout } = await runCommand(world, ['status', 'b']);
  expect(stdout).toMatch(/\nreviews +1 rejected\n/);
  const story = await runCommand(world, ['customer', 'C1']);
  expect(story.stdout).toMatch(/counts now +row 1 of batch b, submitted at .*RequestId REQ-b-1/);
  expect(story.stdout).toMatch(/earlier review +approved on .*ticket 4711 \(row 1 of batch b; recorded by /);
  expect(story.stdout).toMatch(/\nreview +rejected on /);
  const log = await runCommand(world, ['log', 'b']);
  expect(log.stdout).toMatch(/review +row 1 \(C1\): rejected on /);
});

const REFUSED: [words: string[], reason: string][] = [
  [['b', '--row', '2', ...told()], 'row 2 of batch b is pending; only what was submitted is reviewed'],
  [['b', '--row', '9', ...told()], 'there is no row 9'],
  [['b', '--row', '1', '--customer', 'C2', ...told()], 'is of customer C1, not of C2'],
  [['b', '--row', '1', '--as', 'approved', '--date', '2020-01-01', '--evidence', 'x'], 'before the submit'],
  [['b', '--row', '1', '--as', 'approved', '--date', '31.1.2026', '--evidence', 'x'], 'is no day'],
  [['b', '--row', '1', '--as', 'approved', '--date', TODAY, '--evidence', ' '], 'the evidence is empty'],
  [['b', '--row', '1', '--as', 'approved'], 'Say what was decided'],
  [['--row', '1', ...told()], 'Name a batch and --row'],
  [['--customer', 'nobody', ...told()], 'Nothing is known of a customer nobody'],
  [['--file', 'x.csv', ...told()], 'the file says everything'],
];

it('what cannot be recorded is refused with the reason', async () => {
  const world = await worldWith(2, 1);
  for (const [words, reason] of REFUSED) {
    const { code, stderr } = await runCommand(world, ['review', ...words]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(reason)]);
  }
  expect(await reviewsOf(world)).toEqual({ awaited: 1, approved: 0, rejected: 0 });
});

it('a file is checked as a whole before anything is recorded, and may be repeated', async () => {
  const world = await worldWith(3, 2);
  const header = 'CustSpaceId,as,date,evidence';
  const bad = await fileOf(world, 'bad.csv', [
    header,
    `C1,approved,${TODAY},mail`,
    `C2,maybe,soon,`,
    `C3,approved,${TODAY},mail`,
    `C1,rejected,${TODAY},mail`,
  ]);
  const refused = await runCommand(world, ['review', '--file', bad]);
  expect([refused.code, await reviewsOf(world)]).toEqual([3, { awaited: 2, approved: 0, rejected: 0 }]);
  for (const told of [
    'line 3, as (column 2): is neither',
    'line 3, date',
    'line 3, evidence',
    'line 4: nothing',
  ])
    expect(refused.stderr).toContain(told);
  expect(refused.stderr).toContain('line 5: customer C1 is on line 2 already');
  expect(refused.stderr).toContain('5 problems in 3 of 4 rows. Nothing was recorded.');
  const good = await fileOf(world, 'good.ndjson', [
    JSON.stringify({ batch: 'b', row: '1', as: 'approved', date: TODAY, evidence: 'mail' }),
    JSON.stringify({ batch: 'b', row: '2', as: 'rejected', date: TODAY, evidence: 'mail' }),
    JSON.stringify({ batch: 'b', row: '3', as: '', date: '', evidence: '' }),
  ]);
  const done = await runCommand(world, ['review', '--file', good, '--json']);
  expect(JSON.parse(done.stdout)).toMatchObject({ rows: 3, recorded: 2, same: 0, awaited: 1, replaced: 0 });
  const twice = await runCommand(world, ['review', '--file', good]);
  expect(twice.stderr).toContain(
    'Recorded 0 reviews of 3 rows; 2 were recorded already; 1 have no decision.',
  );
  expect(await reviewsOf(world)).toEqual({ awaited: 0, approved: 1, rejected: 1 });
});

it('a result file that somebody filled in is a file of reviews, unless newer data was submitted since', async () => {
  const world = await worldWith(2, 2);
  const directory = join(world.folder, 'out');
  await runCommand(world, ['results', 'b', '-o', directory]);
  const text = await readFile(join(directory, 'succeeded.csv'), 'utf8');
  const { data, meta } = Papa.parse<Record<string, string>>(text.slice(1), {
    header: true,
    skipEmptyLines: true,
  });
  expect(data.map((row) => [row.onboard_review, row.onboard_review_date])).toEqual([
    ['awaited', ''],
    ['awaited', ''],
  ]);
  const filled = { onboard_review: 'approved', onboard_review_date: TODAY, onboard_review_evidence: '=mail' };
  const path = await fileOf(world, 'filled.csv', [
    Papa.unparse([{ ...data[0], ...filled }, data[1] ?? {}], { columns: meta.fields ?? [] }),
  ]);
  const done = await runCommand(world, ['review', '--file', path, '--json']);
  expect(JSON.parse(done.stdout)).toMatchObject({ recorded: 1, awaited: 1 });
  await createBatch(world.open.ledger, 'c', [makeRow(1, { fingerprint: 'newer' })]);
  await submit(world, 'c', 1);
  const late = await runCommand(world, ['review', '--file', path]);
  expect([late.code, late.stderr]).toEqual([3, expect.stringContaining('another RequestId than REQ-b-1')]);
  await runCommand(world, ['results', 'b', '-o', directory, '--force', '--format', 'ndjson']);
  const [row] = (await readFile(join(directory, 'succeeded.ndjson'), 'utf8')).split('\n');
  expect(JSON.parse(row ?? '')).toMatchObject(filled);
});

it('a workbook may hold the day as a date', async () => {
  const world = await worldWith(1, 1);
  const path = join(world.folder, 'reviews.xlsx');
  const header = rowXml(['CustSpaceId', 'as', 'date', 'evidence'].map((name) => textCell(name)).join(''));
  // Excel counts the days from 1899-12-30.
  const day = (Date.parse(TODAY) - Date.UTC(1899, 11, 30)) / DAY_MS;
  const cells = `${textCell('C1')}${textCell('approved')}<c s="0"><v>${day}</v></c>${textCell('mail')}`;
  const sheet = { name: 'S', rows: header + rowXml(cells) };
  await writeFile(path, makeWorkbook({ sheets: [sheet], formats: ['yyyy-mm-dd'] }));
  const { code, stderr } = await runCommand(world, ['review', '--file', path]);
  expect([code, stderr]).toEqual([0, expect.stringContaining('Recorded 1 review of 1 row.')]);
});

it('what waits too long is listed and counted', async () => {
  const world = await worldWith(3, 3);
  const { awaited } = accountKeys(world.account.ledger);
  await world.redis.zadd(awaited, Date.now() - 9 * DAY_MS, 'C2');
  const overdue = await runCommand(world, ['reviews']);
  expect(overdue.stdout).toMatch(/ C2 .* 9 days +b +2 +REQ-b-2/);
  expect(overdue.stdout).not.toContain('C1');
  expect(overdue.stderr).toContain('reviews awaited: 3, 1 of them for more than 7 days');
  expect((await runCommand(world, ['reviews', '--older-than', '10'])).stdout).toBe('');
  const all = await runCommand(world, ['reviews', '--older-than', '0', '--limit', '2', '--json']);
  const lines = all.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toMatchObject([{ custSpaceId: 'C2', days: 9, batch: 'b', row: 2 }, { custSpaceId: 'C1' }]);
  expect((await runCommand(world, ['status'])).stdout).toContain('3, 1 of them for more than 7 days');
  const { body } = await renderMetrics(await openInstallation(world, world.settings).measures());
  const account = `account="${world.account.name}"`;
  expect(body).toContain(`onboard_reviews_awaited{${account},age="7d_to_30d"} 1\n`);
  expect(body).toContain(`onboard_reviews_awaited{${account},age="under_1d"} 2\n`);
  expect(body).toContain(`onboard_reviews_overdue{${account}} 1\n`);
});

it('the story of a customer goes over all batches; of another nothing is known', async () => {
  const world = await worldWith(1, 1);
  await createBatch(world.open.ledger, 'c', [makeRow(1)]);
  const { stdout } = await runCommand(world, ['customer', 'C1', '--json']);
  expect(JSON.parse(stdout)).toMatchObject([
    {
      ...{ account: world.account.name, peer: 'rehearsal', custSpaceId: 'C1', review: { review: 'awaited' } },
      submitted: { place: { batchId: 'b', row: 1 }, requestId: 'REQ-b-1', isOfFormerPeer: false },
      rows: [
        { batch: { id: 'b', by: 'test' }, record: { outcome: 'submitted', attempts: 1 } },
        { batch: { id: 'c' }, record: { outcome: 'unchanged' }, review: { review: 'awaited' } },
      ],
    },
  ]);
  const none = await runCommand(world, ['customer', 'C9']);
  expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('Nothing is known of a customer C9')]);
});
