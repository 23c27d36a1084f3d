/** `onboard import` with options, as another format, and killed again and again. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { expect, inject, it } from 'vitest';
import { makeCustomer, makeCustomers, writeInput } from '../support/customers.ts';
import { importRows, runProgram } from '../support/programs.ts';
import { rowsOf } from '../support/rows.ts';
import { waitForBatch, waitForPeer, waitUntilFinished } from '../support/waiting.ts';
import { runWorkers } from '../support/workers.ts';
import { createWorld } from '../support/world.ts';

const FAST = { rate: 100, ourRate: 100 };
const customers = (count: number) => makeCustomers(count, { IsvTerms: 'agreement-1.pdf' });
const readRows = async (path: string): Promise<Record<string, string>[]> =>
  parse(await readFile(path), { columns: true, bom: true });

it('enqueues the good rows and writes those that it skips with the reason', async () => {
  const world = await createWorld();
  const rows = [makeCustomer(1), makeCustomer(2, { CountryId: 'XX' }), makeCustomer(3)].map((row) => ({
    ...row,
    Note: 'kept',
  }));
  const rejects = join(world.folder, 'rejects.csv');
  const { code, stderr } = await runProgram(world, [
    'import',
    await writeInput(world, rows),
    '--agreements',
    world.agreements,
    '--skip-invalid',
    rejects,
  ]);
  expect([code, stderr]).toEqual([0, expect.stringContaining('1 problem in 1 of 3 rows')]);
  expect(await readRows(rejects)).toEqual([
    { ...rows[1], error: 'CountryId (column 5) is not a two-letter country code' },
  ]);
  const [batch] = await world.open.ledger.listBatches(1);
  expect((await rowsOf(world, batch?.id ?? '')).map(({ row }) => row)).toEqual([1, 3]);
});

it('lets a batch for later or of a lower priority wait for its time and its turn', async () => {
  // One job at a time: two uploads side by side may finish in either order.
  const world = await createWorld({ environment: { ONBOARD_CONCURRENCY: '1' } });
  const input = await writeInput(world, customers(3));
  await runProgram(world, ['import', input, '--agreements', world.agreements, '--at', '+1h']);
  expect(await world.open.queues.upload.getDelayedCount()).toBe(3);
  const parameters = (name: string, number: number) => [
    '--agreements',
    world.agreements,
    '--name',
    name,
    '--priority',
    String(number),
  ];
  const late = await writeInput(world, [makeCustomer(11)], 'late.csv');
  const soon = await writeInput(world, [makeCustomer(12)], 'soon.csv');
  await runProgram(world, ['import', late, ...parameters('late', 900)]);
  await runProgram(world, ['import', soon, ...parameters('soon', 5)]);
  await runWorkers(world);
  await waitForPeer(world, (record) => record.accepted.length === 2);
  expect(world.simulator.state.record.arrivals[0]?.subject).toBe('C100012');
});

it('refuses to resume by name with other rows', async () => {
  const world = await createWorld();
  const { code, stderr } = await runProgram(world, [
    'import',
    await writeInput(world, customers(1)),
    '--agreements',
    world.agreements,
    '--resume',
    'nothing',
  ]);
  expect([code, stderr]).toEqual([2, expect.stringContaining('was not interrupted')]);
});

it.skipIf(!inject('isRealRedis'))('takes NDJSON as the same batch as the CSV', async () => {
  const world = await createWorld(FAST);
  await runWorkers(world);
  await waitUntilFinished(world, await importRows(world, customers(3)));
  const path = join(world.folder, 'rows.ndjson');
  await writeFile(
    path,
    customers(3)
      .map((row) => JSON.stringify(row))
      .join('\n'),
  );
  const { stdout } = await runProgram(world, ['import', path, '--agreements', world.agreements]);
  expect(
    (await waitForBatch(world, stdout.trim(), ({ state }) => state === 'finished')).counts.unchanged,
  ).toBe(3);
});
