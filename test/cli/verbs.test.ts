/** What the verbs say, refuse and print as JSON; rows are moved by hand, and no worker runs. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../support/command.ts';
import { makeCustomer, makeCustomers, writeInput } from '../support/customers.ts';
import { createBatch, makeRow, parkRow } from '../support/ledger.ts';
import { createWorld, type World } from '../support/world.ts';

type Answer = Record<string, unknown>;

async function worldWith(
  count: number,
): Promise<{ world: World; json(...words: string[]): Promise<Answer> }> {
  const world = await createWorld();
  await createBatch(
    world.open.ledger,
    'b',
    Array.from({ length: count }, (_, index) => makeRow(index + 1)),
  );
  return {
    world,
    async json(...words) {
      const { code, stdout, stderr } = await runCommand(world, [...words, '--json']);
      expect([code, stderr]).toEqual([0, 'rehearsal: nothing reaches Alibaba Cloud\n']);
      return JSON.parse(stdout);
    },
  };
}

/** The peer has refused the row, for a reason that may pass. */
async function fail({ open }: World, row: number, code: string): Promise<void> {
  await open.ledger.transition({ batchId: 'b', row, to: 'uploading' });
  const patch = { code, class: 'transient', message: 'm', hint: 'Wait.' } as const;
  await open.ledger.transition({ batchId: 'b', row, to: 'failed', patch });
}

const park = ({ open }: World, row: number) => parkRow(open.ledger, { batchId: 'b', row });

describe('a number of a row that is not there', () => {
  it.each([
    [['retry', 'b', '--row', '999']],
    [['retry', 'b', '--row', '1', '4']],
    [['settle', 'b', '--row', '4', '--as', 'failed']],
  ])('%j ends with 2 and the numbers that there are', async (words) => {
    const { world } = await worldWith(3);
    const { code, stderr } = await runCommand(world, words);
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/has the rows 1 to 3; there is no row (999|4)\./),
    ]);
  });
});

describe('a parked row', () => {
  it('is named by status, with what to do, and is left by retry, which says so', async () => {
    const { world, json } = await worldWith(3);
    await park(world, 2);
    await fail(world, 3, 'PEER_TIMEOUT');
    const { stdout } = await runCommand(world, ['status', 'b']);
    expect(stdout).toMatch(/\n {2}PEER_TIMEOUT +1 {2}→ Wait\.\n/);
    expect(stdout).toMatch(/\nparked +1 \(row 2\)\n.*onboard settle b --row N --as submitted\|failed\n/);
    expect(await json('status', 'b')).toMatchObject({
      parkedRows: [2],
      failures: [
        { code: 'PEER_TIMEOUT', rows: 1, hint: 'Wait.' },
        { code: 'SUBMIT_OUTCOME_UNKNOWN', rows: 1 },
      ],
    });
    const { stderr } = await runCommand(world, ['retry', 'b', '--all-failed', '--at', '+1h']);
    expect(stderr).toMatch(
      /Retrying 1 row from .*, in 1 h 0 min; 1 row left as they are:\n {2}row 2: it is parked/,
    );
    expect(await json('retry', 'b', '--row', '2')).toMatchObject({ batch: 'b', rows: 1, doubtful: 1 });
  });
});

describe('cancel', () => {
  it('withdraws from a finished batch what the schedule would retry', async () => {
    const { world, json } = await worldWith(2);
    await fail(world, 1, 'PEER_TIMEOUT');
    await fail(world, 2, 'PEER_TIMEOUT');
    expect(await json('cancel', 'b')).toMatchObject({ batch: 'b', rows: 0, retries: 2 });
    expect(await world.open.ledger.listRecoverable(10)).toEqual([]);
    const again = await runCommand(world, ['cancel', 'b']);
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('Batch b is finished')]);
  });

  it('says that it cannot count rows that an import still adds', async () => {
    const { world } = await worldWith(1);
    const { ledger } = world.open;
    const { columns, fieldColumns } = await ledger.requireBatch('b');
    const facts = {
      name: 'c',
      source: 's',
      sourceKey: 'k',
      by: 't',
      details: '',
      priority: 9,
      maxFailures: 0,
    };
    await ledger.createBatch({ id: 'c', kind: 'import', columns, fieldColumns, ...facts });
    await ledger.enroll('c', [makeRow(1, { custSpaceId: 'other' })]);
    const { stderr } = await runCommand(world, ['cancel', 'c']);
    expect(stderr).toMatch(/Cancelled 1 row\.[\s\S]*Only rows that were there are counted/);
  });
});

it('a batch that waits for a paused one is held by it, and has no ETA', async () => {
  const { world, json } = await worldWith(1);
  const { ledger } = world.open;
  await ledger.transition({ batchId: 'b', row: 1, to: 'uploading' });
  await ledger.transition({ batchId: 'b', row: 1, to: 'uploaded' });
  await createBatch(ledger, 'later', [makeRow(1)]);
  expect(await json('status', 'later')).toMatchObject({
    heldBy: [{ reason: 'noWorker' }, { reason: 'rowsWait' }],
  });
  await runCommand(world, ['pause', 'b']);
  expect(await json('status', 'later')).toMatchObject({
    etaSeconds: null,
    heldBy: [
      { reason: 'noWorker' },
      { reason: 'leadsPaused', batches: ['b'], hint: expect.stringContaining('resume b') },
    ],
  });
});

it('what a verb did is JSON, with the account and its peer', async () => {
  const { world, json } = await worldWith(2);
  const whose = { account: world.account.name, peer: 'rehearsal' };
  expect(await json('pause', 'b')).toEqual({ batch: 'b', ...whose });
  expect(await json('resume', 'b')).toEqual({ batch: 'b', rows: 2, ...whose });
  expect(await json('pause')).toEqual(whose);
  expect(await json('resume')).toEqual({ wasBreakerOpen: false, ...whose });
  expect(await json('cancel', 'b')).toEqual({ batch: 'b', rows: 2, retries: 0, isGrowing: false, ...whose });
  const directory = join(world.folder, 'out');
  expect(await json('results', 'b', '-o', directory)).toMatchObject({
    batch: 'b',
    files: [{}, {}, { rows: 2 }],
  });
  const all = (await json('batches')) as unknown as { batches: object[] }[];
  expect(all[0]?.batches).toMatchObject([{ id: 'b', etaSeconds: null, by: 'test' }]);
  expect(await json('purge', 'b', '--yes')).toEqual({ batch: 'b', rows: 2, ...whose });
});

it('the list of batches shows the beginning of a long name, and JSON all of it', async () => {
  const { world, json } = await worldWith(1);
  const long = 'n'.repeat(41);
  await createBatch(world.open.ledger, long, [makeRow(1)]);
  const { stdout } = await runCommand(world, ['batches']);
  expect(stdout).toContain(`  ${'n'.repeat(39)}…  `);
  const all = (await json('batches')) as unknown as { batches: object[] }[];
  expect(all[0]?.batches).toMatchObject([{ name: long }, { name: 'b' }]);
});

it('a schedule that is off is explained to who asks, not to who has set it', async () => {
  const { world } = await worldWith(1);
  const explained = expect.stringContaining('off: it was set so, or no worker');
  expect(await runCommand(world, ['schedule'])).toMatchObject({ code: 0, stderr: explained });
  const set = await runCommand(world, ['schedule', '--cron', 'off']);
  expect(set).toEqual({
    code: 0,
    stdout: expect.stringContaining('off'),
    stderr: 'rehearsal: nothing reaches Alibaba Cloud\n',
  });
});

it('nothing is destroyed unless somebody says so', async () => {
  const { world } = await worldWith(1);
  await runCommand(world, ['cancel', 'b']);
  for (const words of [
    ['purge', 'b'],
    ['account', 'adopt', world.account.name],
    ['account', 'release-key', 'x'],
  ]) {
    const { code, stderr } = await runCommand(world, words);
    expect([code, stderr]).toEqual([2, expect.stringContaining('add --yes')]);
  }
  expect((await world.open.ledger.requireBatch('b')).total).toBe(1);
});

it('skipping bad rows where none is good ends with 3, and keeps them in the rejects', async () => {
  const world = await createWorld();
  const input = await writeInput(world, [makeCustomer(1, { CountryId: 'XX' })]);
  const rejects = join(world.folder, 'rejects.csv');
  const words = ['import', input, '--agreements', world.agreements, '--skip-invalid', rejects];
  const { code, stderr } = await runCommand(world, words);
  expect([code, stderr]).toEqual([3, expect.stringContaining('Nothing was enqueued')]);
  expect(await readFile(rejects, 'utf8')).toContain('C100001');
  expect(await world.open.ledger.listBatches(1)).toEqual([]);
});

it('a dry run and a start in the future are told', async () => {
  const world = await createWorld();
  const good = ['import', await writeInput(world, makeCustomers(2)), '--agreements', world.agreements];
  const dry = await runCommand(world, [...good, '--dry-run', '--json']);
  expect(JSON.parse(dry.stdout)).toMatchObject({ rows: 2, good: 2, bad: 0, problems: 0 });
  const later = await runCommand(world, [...good, '--at', '+2h']);
  expect(later.stderr).toMatch(
    /starting \d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d\d:\d\d \(.+\), in (2 h 0|1 h 59) min\./,
  );
});

it('tells its version', async () => {
  const { code, stdout } = await runCommand({ environment: {} }, ['--version']);
  const { version } = JSON.parse(await readFile('package.json', 'utf8'));
  expect([code, stdout]).toEqual([0, `${version}\n`]);
});

it('priority moves what waits, and says how many rows', async () => {
  const { world, json } = await worldWith(2);
  expect(await json('priority', 'b', '--set', '7')).toMatchObject({ batch: 'b', priority: 7, rows: 2 });
  expect((await world.open.ledger.requireBatch('b')).priority).toBe(7);
  const { code, stderr } = await runCommand(world, ['priority', 'b', '--set', '1']);
  expect([code, stderr]).toEqual([2, expect.stringContaining('from 2 to 1000000')]);
});
