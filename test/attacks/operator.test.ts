/** What an operator does with a batch after it was imported. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { accountKeys } from '../../src/redis/keys.ts';
import { makeCustomers, writeInput } from '../support/customers.ts';
import { importRows, runProgram } from '../support/programs.ts';
import { outcomesOf } from '../support/rows.ts';
import { waitForPeer, waitUntilFinished } from '../support/waiting.ts';
import { runWorkers } from '../support/workers.ts';
import { createWorld } from '../support/world.ts';

const FAST = { rate: 100, ourRate: 100 };
const customers = (count: number) => makeCustomers(count, { IsvTerms: 'agreement-1.pdf' });
const readRows = async (path: string): Promise<Record<string, string>[]> =>
  parse(await readFile(path), { columns: true, bom: true });

describe('200 rows of which the peer refuses 14 for three reasons', () => {
  const REASONS = { 'InvalidParameter.Format': 6, 'Unknown.ResourceOwnerId': 5, MissingBusinessLicense: 3 };

  async function importRefused() {
    const pattern = (from: number, count: number) =>
      `^(${Array.from({ length: count }, (_, index) => `C${100_000 + from + index * 7}`).join('|')})$`;
    let from = 3;
    const faults = Object.entries(REASONS).map(([code, count]) => {
      const fault = {
        operation: 'submit' as const,
        kind: 'error' as const,
        code,
        match: pattern(from, count),
      };
      from += count * 7;
      return fault;
    });
    const world = await createWorld({ ...FAST, faults });
    await runWorkers(world);
    const parameters = [
      'import',
      await writeInput(world, customers(200)),
      '--agreements',
      world.agreements,
      '--watch',
    ];
    const { code, stdout } = await runProgram(world, parameters);
    expect(code).toBe(4);
    return { world, batchId: stdout.trim() };
  }

  it('lists the 14 with code, message and hint in a file that, corrected, is submitted', async () => {
    const { world, batchId } = await importRefused();
    const path = join(world.folder, 'failed.csv');
    await runProgram(world, ['results', batchId, '--failed', '-o', path]);
    const failed = await readRows(path);
    expect(failed).toHaveLength(14);
    for (const row of failed) {
      expect(row.onboard_message).toContain(row.onboard_code);
      expect(row.onboard_hint).not.toBe('');
    }
    world.simulator.state.faults.replace([]);
    const again = await runProgram(world, ['import', path, '--agreements', world.agreements, '--watch']);
    expect([again.code, again.stderr]).toEqual([0, expect.stringContaining('14 submitted')]);
  });

  it('redrives only the rows of one code, and the history says so', async () => {
    const { world, batchId } = await importRefused();
    world.simulator.state.faults.replace([]);
    const retried = await runProgram(world, ['retry', batchId, '--code', 'Unknown.ResourceOwnerId']);
    expect(retried.stderr).toContain('Retrying 5 rows.');
    expect((await waitUntilFinished(world, batchId)).counts).toMatchObject({ submitted: 191, failed: 9 });
    const log = await runProgram(world, ['log', batchId]);
    expect(log.stdout).toMatch(
      /import +200 rows of customers\.csv\n.* retry +5 rows \(code Unknown\.ResourceOwnerId\)/,
    );
    expect(world.simulator.state.record.summary().acceptedTwice).toBe(0);
  });
});

describe('retry', () => {
  it('is refused without a filter and does nothing with one that fits no row', async () => {
    const world = await createWorld();
    const batchId = await importRows(world, customers(1));
    const { code, stderr } = await runProgram(world, ['retry', batchId]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('--all-failed')]);
    expect((await runProgram(world, ['retry', batchId, '--row', '1'])).stderr).toContain('No row matches');
    expect(await world.open.ledger.listRedrives(batchId)).toEqual([]);
  });

  it('waits for the time that it is given', async () => {
    const world = await createWorld({
      ...FAST,
      faults: [{ operation: 'submit', kind: 'error', code: 'InvalidParameter.X' }],
    });
    await runWorkers(world);
    const batchId = await importRows(world, customers(2));
    await waitUntilFinished(world, batchId);
    await runProgram(world, ['retry', batchId, '--row', '2', '--at', '+1h']);
    expect(await world.open.queues.upload.getDelayedCount()).toBe(1);
    expect(await outcomesOf(world, batchId)).toEqual(['failed', 'pending']);
  });

  it('leaves a row alone whose customer another batch has submitted since', async () => {
    const world = await createWorld({
      ...FAST,
      faults: [{ operation: 'submit', kind: 'error', code: 'InvalidParameter.X', times: 1 }],
    });
    await runWorkers(world);
    const first = await importRows(world, customers(1));
    await waitUntilFinished(world, first);
    await waitUntilFinished(world, await importRows(world, customers(1)));
    const { stderr } = await runProgram(world, ['retry', first, '--all-failed']);
    expect(stderr).toMatch(/Retrying 0 rows; .*1/);
    expect(world.simulator.state.record.accepted).toHaveLength(1);
  });
});

describe('cancel', () => {
  it('cancels rows not begun and takes them off the queue, and they can be sent after all', async () => {
    const world = await createWorld(FAST);
    const batchId = await importRows(world, customers(20));
    const { stderr } = await runProgram(world, ['cancel', batchId]);
    expect(stderr).toContain('Cancelled 20 rows');
    expect(await world.open.queues.upload.getPrioritizedCount()).toBe(0);
    expect((await world.open.ledger.requireBatch(batchId)).state).toBe('finished');
    await runWorkers(world);
    await runProgram(world, ['retry', batchId, '--outcome', 'cancelled']);
    expect((await waitUntilFinished(world, batchId)).counts).toMatchObject({ submitted: 20, cancelled: 0 });
  });

  it('lets the next worker cancel a row that a dead one left uploading', async () => {
    const world = await createWorld(FAST);
    const batchId = await importRows(world, customers(2));
    await world.open.ledger.transition({ batchId, row: 1, to: 'uploading' });
    await runProgram(world, ['cancel', batchId]);
    expect(await outcomesOf(world, batchId)).toEqual(['uploading', 'cancelled']);
    await runWorkers(world);
    expect((await waitUntilFinished(world, batchId)).counts.cancelled).toBe(2);
    expect(world.simulator.state.record.arrivals).toEqual([]);
  });

  it('lets calls in progress finish, and every row has a final outcome', async () => {
    // One a second: half a minute in all, so that the command comes in the middle on a busy machine too.
    const world = await createWorld({ latencyMs: 300, rate: 1, ourRate: 1 });
    await runWorkers(world);
    const batchId = await importRows(world, customers(30));
    await waitForPeer(world, (record) => record.accepted.length > 0);
    await runProgram(world, ['cancel', batchId]);
    const { counts, total } = await waitUntilFinished(world, batchId);
    expect(counts.submitted + counts.cancelled).toBe(total);
    expect(counts.cancelled).toBeGreaterThan(0);
    expect(world.simulator.state.record.accepted).toHaveLength(counts.submitted);
  });
});

it('leaves only what is needed to know its customers when a finished batch is purged', async () => {
  const world = await createWorld(FAST);
  const running = await importRows(world, customers(1));
  expect((await runProgram(world, ['purge', running, '--yes'])).code).toBe(2);
  await runWorkers(world);
  await waitUntilFinished(world, running);
  await runProgram(world, ['purge', running, '--yes']);
  const values = await Promise.all(
    (await world.redis.keys(`*${running}*`)).filter(
      (key) => !key.includes(':uploads.') && !key.includes(':submits.') && !key.includes(':gone:'),
    ),
  );
  expect(values).toEqual([]);
  const kept = await world.redis.hget(accountKeys(world.account.ledger).submitted, 'C100001');
  expect(kept).not.toMatch(/customer\.example|Main/);
  expect((await waitUntilFinished(world, await importRows(world, customers(1)))).counts.unchanged).toBe(1);
});
