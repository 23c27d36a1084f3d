/** `onboard import`: what is refused, what a person sees, and what an interruption leaves. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';
import { makeCustomer, makeCustomers, writeInput } from '../support/customers.ts';
import { killAfter } from '../support/operator.ts';
import { runProgram, startProgram } from '../support/programs.ts';
import { runWorkers } from '../support/workers.ts';
import { createWorld, type World } from '../support/world.ts';

const FAST = { rate: 50, ourRate: 50 };
const readRows = async (path: string): Promise<Record<string, string>[]> =>
  parse(await readFile(path), { columns: true, bom: true });
const isNothingThere = async (world: World) =>
  (await world.redis.keys(`{${world.account.ledger}}*`)).filter((key) => !/:(meta|peer)$/.test(key))
    .length === 0;

/** A row for each thing that can be wrong with one. */
const BAD_ROWS: [Record<string, string>, string, string][] = [
  [{ CustSpaceId: '' }, 'CustSpaceId', 'REQUIRED'],
  [{ CustSpaceId: 'a b' }, 'CustSpaceId', 'ID_INVALID'],
  [{ CustSpaceId: 'C100001' }, 'CustSpaceId', 'DUPLICATE_CUSTOMER'],
  [{ CustName: 'x'.repeat(201) }, 'CustName', 'TOO_LONG'],
  [{ CustName: 'bell\u0007' }, 'CustName', 'CONTROL_CHARACTER'],
  [{ ContactMail: 'nobody' }, 'ContactMail', 'EMAIL_INVALID'],
  [{ CountryId: 'CHN' }, 'CountryId', 'COUNTRY_UNKNOWN'],
  [{ OfficeAddress: '址'.repeat(500), BusinessDesc: '描'.repeat(500) }, '', 'REQUEST_TOO_LARGE'],
  [{ IsvTerms: 'nowhere/x.pdf' }, 'IsvTerms', 'AGREEMENT_MISSING'],
  [{ IsvTerms: '../secret.pdf' }, 'IsvTerms', 'AGREEMENT_OUTSIDE'],
  [{ IsvTerms: 'text.doc' }, 'IsvTerms', 'AGREEMENT_NOT_PDF'],
];

it('exits with 3 at a file with every kind of bad row, names each line and column, and enqueues nothing', async () => {
  const world = await createWorld();
  await writeFile(join(world.agreements, 'text.doc'), 'no pdf');
  const rows = [makeCustomer(1), ...BAD_ROWS.map(([changes], index) => makeCustomer(index + 2, changes))];
  const { code, stdout, stderr } = await runProgram(world, [
    'import',
    await writeInput(world, rows),
    '--agreements',
    world.agreements,
  ]);
  expect(code).toBe(3);
  expect(stdout).toBe('');
  for (const [index, [, column, error]] of BAD_ROWS.entries())
    expect(stderr).toMatch(
      new RegExp(`line ${index + 3}${column && `, ${column} \\(column \\d\\)`}: .*\\[${error}\\]`),
    );
  expect(stderr).toContain('11 problems in 11 of 12 rows. Nothing was enqueued.');
  expect(await isNothingThere(world)).toBe(true);
});

it('says in a dry run how long it would take and enqueues nothing', async () => {
  const world = await createWorld();
  const { code, stderr } = await runProgram(world, [
    'import',
    await writeInput(world, makeCustomers(3)),
    '--agreements',
    world.agreements,
    '--dry-run',
  ]);
  expect(code).toBe(0);
  expect(stderr).toContain('Ready: 3 customers');
  expect(await isNothingThere(world)).toBe(true);
});

it('exits with 4 when a row has failed, and the three result files hold every row once', async () => {
  const world = await createWorld({
    ...FAST,
    faults: [
      {
        operation: 'submit',
        match: 'C100002',
        kind: 'error',
        code: 'InvalidParameter.Format',
        message: 'bad =cmd',
      },
    ],
  });
  await runWorkers(world);
  const rows = makeCustomers(4).map((row) => ({ ...row, Note: '=1+1', BusinessDesc: '+86 line' }));
  const results = join(world.folder, 'out');
  const input = await writeInput(world, rows);
  const { code, stderr } = await runProgram(world, [
    'import',
    input,
    '--agreements',
    world.agreements,
    '--results',
    results,
  ]);
  expect(code).toBe(4);
  expect(stderr).toContain('3 submitted, 0 unchanged, 1 failed');
  expect((await readdir(results)).sort()).toEqual(['failed.csv', 'succeeded.csv', 'unprocessed.csv']);
  const [failed, succeeded, unprocessed] = await Promise.all(
    ['failed', 'succeeded', 'unprocessed'].map((kind) => readRows(join(results, `${kind}.csv`))),
  );
  expect(unprocessed).toEqual([]);
  expect(failed?.map((row) => [row.CustSpaceId, row.onboard_code, row.Note])).toEqual([
    ['C100002', 'InvalidParameter.Format', "'=1+1"],
  ]);
  expect(succeeded?.map((row) => row.CustSpaceId)).toEqual(['C100001', 'C100003', 'C100004']);
  for (const row of succeeded ?? []) expect(row.onboard_request_id).toMatch(/^[0-9A-F-]{36}$/);

  // The failed file is input again, as it is: the formula quotes come off and our columns are not doubled.
  world.simulator.state.faults.replace([]);
  const again = await runProgram(world, [
    'import',
    join(results, 'failed.csv'),
    '--agreements',
    world.agreements,
    '--results',
    join(world.folder, 'out2'),
  ]);
  expect(again.code).toBe(0);
  expect(world.simulator.state.record.accepted.at(-1)?.fields.BusinessDesc).toBe('+86 line');
  const header = (await readFile(join(world.folder, 'out2', 'succeeded.csv'), 'utf8')).split('\r\n')[0];
  expect(header?.match(/onboard_row/g)).toHaveLength(1);
});

it('ends the watching with 5 and says what to do when the peer refuses the account', async () => {
  const world = await createWorld({
    ...FAST,
    faults: [{ operation: 'authorize', kind: 'error', code: 'Product.Unsubscript' }],
  });
  await runWorkers(world);
  const { code, stderr } = await runProgram(world, [
    'import',
    await writeInput(world, makeCustomers(2)),
    '--agreements',
    world.agreements,
    '--watch',
  ]);
  expect(code).toBe(5);
  expect(stderr).toContain('Subscribe to Chat App');
});

it('completes a batch that was killed in the middle when it is imported again, with each row once', async () => {
  const world = await createWorld();
  const rows = Array.from({ length: 3000 }, (_, index) =>
    makeCustomer(index + 1, { IsvTerms: 'agreement-1.pdf' }),
  );
  const parameters = ['import', await writeInput(world, rows), '--agreements', world.agreements];
  // Of each row's job there is a write, and of a few that come before.
  await killAfter(1_000, { world }, parameters);
  const [killed] = await world.open.ledger.listBatches(1);
  expect(killed?.state).toBe('enqueuing');

  const { code, stdout } = await runProgram(world, parameters);
  expect([code, stdout.trim()]).toEqual([0, killed?.id]);
  expect(await world.open.ledger.requireBatch(stdout.trim())).toMatchObject({
    total: 3000,
    state: 'running',
    counts: { pending: 3000 },
  });
  expect(await world.open.queues.upload.getPrioritizedCount()).toBe(3000);

  const [first, ...more] = ['import', await writeInput(world, [makeCustomer(9_000)], 'one.csv')];
  const next = await runProgram(world, [first, ...more, '--agreements', world.agreements]);
  expect(next.stderr).toContain(
    '\nno worker has ever run for this account\n  → Start a worker: `onboard worker`.\n',
  );
  // 3000 rows, 220 ms each.
  expect(next.stderr).toContain('\nqueue: the batches ahead take about 11m 00s (3000 rows)\n');
});

it('exits with 130 when Ctrl-C interrupts the watching, and the batch continues', async () => {
  const world = await createWorld();
  const input = await writeInput(world, makeCustomers(3));
  const watching = startProgram(world, ['import', input, '--agreements', world.agreements, '--watch']);
  await watching.says('0/3');
  watching.signal('SIGINT');
  expect((await watching.ended).code).toBe(130);
  const batchId = watching.output.stdout.trim();
  expect(watching.output.stderr).toContain(
    `batch ${batchId} goes on. To see where it stands: onboard status`,
  );
  expect((await world.open.ledger.requireBatch(batchId)).counts.pending).toBe(3);
});
