/** What an operator does with a batch after it was imported. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, inject, it, vi } from 'vitest';
import {
  createWorld,
  importRows,
  makeCustomer,
  makeCustomers,
  outcomesOf,
  rowsOf,
  runProgram,
  runWorkers,
  startProgram,
  waitForBatch,
  waitForPeer,
  waitUntilFinished,
  writeInput,
} from '../support/world.ts';

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

  it('results --failed, has the 14 with code, message and hint, and that file corrected is submitted', async () => {
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

  it('retry --code, redrives only those, and the history says so', async () => {
    const { world, batchId } = await importRefused();
    world.simulator.state.faults.replace([]);
    const retried = await runProgram(world, ['retry', batchId, '--code', 'Unknown.ResourceOwnerId']);
    expect(retried.stderr).toContain('Trying 5 rows again');
    expect((await waitUntilFinished(world, batchId)).counts).toMatchObject({ submitted: 191, failed: 9 });
    const log = await runProgram(world, ['log', batchId]);
    expect(log.stdout).toMatch(
      /import +200 rows of customers\.csv\n.* retry +5 rows \(code Unknown\.ResourceOwnerId\)/,
    );
    expect(world.simulator.state.record.summary().acceptedTwice).toBe(0);
  });
});

describe('retry', () => {
  it('without saying which rows, is refused; with a filter that fits none, does nothing', async () => {
    const world = await createWorld();
    const batchId = await importRows(world, customers(1));
    const { code, stderr } = await runProgram(world, ['retry', batchId]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('--all-failed')]);
    expect((await runProgram(world, ['retry', batchId, '--row', '1'])).stderr).toContain('No row fits');
    expect(await world.runtime.ledger.listRedrives(batchId)).toEqual([]);
  });

  it('later, waits until then', async () => {
    const world = await createWorld({
      ...FAST,
      faults: [{ operation: 'submit', kind: 'error', code: 'InvalidParameter.X' }],
    });
    await runWorkers(world);
    const batchId = await importRows(world, customers(2));
    await waitUntilFinished(world, batchId);
    await runProgram(world, ['retry', batchId, '--row', '2', '--at', '+1h']);
    expect(await world.runtime.queues.upload.getDelayedCount()).toBe(1);
    expect(await outcomesOf(world, batchId)).toEqual(['failed', 'pending']);
  });

  it('a row whose customer another batch has submitted since, is left alone', async () => {
    const world = await createWorld({
      ...FAST,
      faults: [{ operation: 'submit', kind: 'error', code: 'InvalidParameter.X', times: 1 }],
    });
    await runWorkers(world);
    const first = await importRows(world, customers(1));
    await waitUntilFinished(world, first);
    await waitUntilFinished(world, await importRows(world, customers(1)));
    const { stderr } = await runProgram(world, ['retry', first, '--all-failed']);
    expect(stderr).toContain('Trying 0 rows again; leaving 1');
    expect(world.simulator.state.record.accepted).toHaveLength(1);
  });
});

describe('cancel', () => {
  it('rows not begun, are cancelled and leave the queue; they can be sent after all', async () => {
    const world = await createWorld(FAST);
    const batchId = await importRows(world, customers(20));
    const { stderr } = await runProgram(world, ['cancel', batchId]);
    expect(stderr).toContain('Cancelled 20 rows');
    expect(await world.runtime.queues.upload.getPrioritizedCount()).toBe(0);
    expect((await world.runtime.ledger.requireBatch(batchId)).state).toBe('finished');
    await runWorkers(world);
    await runProgram(world, ['retry', batchId, '--outcome', 'cancelled']);
    expect((await waitUntilFinished(world, batchId)).counts).toMatchObject({ submitted: 20, cancelled: 0 });
  });

  it('a row that a dead worker left uploading, is cancelled by the next one', async () => {
    const world = await createWorld(FAST);
    const batchId = await importRows(world, customers(2));
    await world.runtime.ledger.transition({ batchId, row: 1, custSpaceId: 'C100001', to: 'uploading' });
    await runProgram(world, ['cancel', batchId]);
    expect(await outcomesOf(world, batchId)).toEqual(['uploading', 'cancelled']);
    await runWorkers(world);
    expect((await waitUntilFinished(world, batchId)).counts.cancelled).toBe(2);
    expect(world.simulator.state.record.arrivals).toEqual([]);
  });

  it('calls under way, finish, and every row has a final outcome', async () => {
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

it('purge, a finished batch, leaves only what is needed to know its customers', async () => {
  const world = await createWorld(FAST);
  const running = await importRows(world, customers(1));
  expect((await runProgram(world, ['purge', running])).code).toBe(2);
  await runWorkers(world);
  await waitUntilFinished(world, running);
  await runProgram(world, ['purge', running]);
  const values = await Promise.all(
    (await world.redis.keys(`*${running}*`)).filter(
      (key) => !key.includes(':upload.') && !key.includes(':submit.'),
    ),
  );
  expect(values).toEqual([]);
  expect(await world.redis.hget(`{onboard:${world.account.name}}:customers`, 'C100001')).not.toMatch(
    /customer\.example|Main/,
  );
  expect((await waitUntilFinished(world, await importRows(world, customers(1)))).counts.unchanged).toBe(1);
});

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: a describe block, whose tests are short.
describe('import', () => {
  it('with bad rows skipped, enqueues the good ones and writes the others with the reason', async () => {
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
    const [batch] = await world.runtime.ledger.listBatches(1);
    expect((await rowsOf(world, batch?.id ?? '')).map(({ row }) => row)).toEqual([1, 3]);
  });

  it('for later, and of a lower priority, waits for its time and its turn', async () => {
    // One job at a time: two uploads side by side may finish in either order.
    const world = await createWorld({ environment: { ONBOARD_CONCURRENCY: '1' } });
    const input = await writeInput(world, customers(3));
    await runProgram(world, ['import', input, '--agreements', world.agreements, '--at', '+1h']);
    expect(await world.runtime.queues.upload.getDelayedCount()).toBe(3);
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

  it('killed at ten points, holds each row once in the end', async () => {
    const world = await createWorld();
    // The JavaScript Redis takes a hundred jobs a second.
    const total = inject('isRealRedis') ? 4_000 : 200;
    const parameters = [
      'import',
      await writeInput(world, customers(total)),
      '--agreements',
      world.agreements,
    ];
    for (let point = 0; point < 10; point++) {
      const doomed = startProgram(world, parameters);
      const isReached = async () => {
        const [batch] = await world.runtime.ledger.listBatches(1);
        return doomed.child.exitCode !== null || (batch?.total ?? 0) >= (total * point) / 10;
      };
      await vi.waitUntil(isReached, { timeout: 30_000, interval: 2 });
      doomed.child.kill('SIGKILL');
      await doomed.ended;
    }
    expect((await runProgram(world, parameters)).code).toBe(0);
    const batches = await world.runtime.ledger.listBatches(20);
    expect(batches.reduce((sum, batch) => sum + batch.counts.pending, 0)).toBe(total);
    expect(await world.runtime.queues.upload.getPrioritizedCount()).toBe(total);
  });

  it('resumed by name with other rows, is refused', async () => {
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

  it.skipIf(!inject('isRealRedis'))(
    'from standard input as NDJSON, is the same batch as the CSV',
    async () => {
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
    },
  );
});
