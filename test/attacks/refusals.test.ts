/** What is held back, paused, parked or tried again: the breaker, equal refusals, settling, the recurring redrive. */
import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { redriveRecoverable } from '../../src/batch/redrive-recoverable.ts';
import { makeCustomer, makeCustomers, writeInput } from '../support/customers.ts';
import { importRows, runProgram, startWorkerProgram } from '../support/programs.ts';
import { outcomesOf, rowsOf } from '../support/rows.ts';
import { waitForBatch, waitForPeer, waitUntilFinished } from '../support/waiting.ts';
import { runWorkers } from '../support/workers.ts';
import { createWorld, inputOf, makeKey } from '../support/world.ts';

const FAST = { rate: 50, ourRate: 50 };

describe('an open breaker', () => {
  const refusal = { kind: 'error', code: 'Product.Unsubscript' } as const;

  it('closes by itself with the first probe that is accepted, and the batch completes', async () => {
    const world = await createWorld({
      ...FAST,
      faults: [{ operation: 'authorize', ...refusal }],
      environment: { ONBOARD_PROBE_SECONDS: '2' },
    });
    await runWorkers(world);
    const batchId = await importRows(world, makeCustomers(20));
    await expect.poll(() => world.open.breaker.read()).toBeDefined();
    const before = world.simulator.state.record.count('authorize');
    await waitForPeer(world, (record) => record.count('authorize') > before);
    world.simulator.state.faults.replace([]);
    expect((await waitUntilFinished(world, batchId)).counts).toMatchObject({ submitted: 20, failed: 0 });
    expect(await world.open.breaker.read()).toBeUndefined();
  });

  it('is closed at once by resume', async () => {
    const world = await createWorld({ ...FAST, faults: [{ operation: 'submit', ...refusal }] });
    await runWorkers(world);
    const batchId = await importRows(world, makeCustomers(3));
    await expect.poll(() => world.open.breaker.read()).toBeDefined();
    const status = await runProgram(world, ['status']);
    expect(status.stdout).toMatch(/breaker +OPEN since .*Product\.Unsubscript[\s\S]*Subscribe to Chat App/);
    world.simulator.state.faults.replace([]);
    expect((await runProgram(world, ['resume'])).stderr).toContain('its breaker is closed');
    expect((await waitUntilFinished(world, batchId)).counts.submitted).toBe(3);
  });

  it('of one account does not slow another', async () => {
    const [bad, good] = [makeKey(), makeKey()];
    const world = await createWorld({
      ...FAST,
      accounts: [bad, good],
      faults: [{ operation: 'authorize', ...refusal, accessKeyId: bad.accessKeyId }],
      environment: { GOOD_ID: good.accessKeyId, GOOD_SECRET: good.accessKeySecret },
    });
    const other = {
      ...inputOf(world.account),
      name: `${world.account.name}-good`,
      credentials: { type: 'env', accessKeyId: 'GOOD_ID', accessKeySecret: 'GOOD_SECRET' },
    };
    await writeFile(
      world.environment.ONBOARD_ACCOUNTS ?? '',
      JSON.stringify([inputOf(world.account), other]),
    );
    await startWorkerProgram(world);
    const input = await writeInput(world, makeCustomers(10));
    const parameters = ['import', input, '--agreements', world.agreements, '--account'];
    const refused = (await runProgram(world, [...parameters, world.account.name])).stdout.trim();
    const accepted = await runProgram(world, [...parameters, other.name, '--watch']);
    expect(accepted.code).toBe(0);
    expect(await outcomesOf(world, refused)).not.toContain('failed');
  });
});

describe('a batch that fails alike', () => {
  it('pauses itself after so many identical refusals in a row and continues on resume', async () => {
    const world = await createWorld({
      ...FAST,
      faults: [{ operation: 'submit', match: '^C1000', kind: 'error', code: 'InvalidParameter.Format' }],
    });
    const batchId = await importRows(world, makeCustomers(30), '--max-failures', '4');
    await runWorkers(world);
    const paused = await waitForBatch(world, batchId, ({ state }) => state === 'paused');
    expect(paused.pausedWhy).toBe('InvalidParameter.Format');
    const other = await importRows(world, [makeCustomer(1, { CustSpaceId: 'D1' })]);
    expect((await waitUntilFinished(world, other)).counts.submitted).toBe(1);
    const before = await waitForBatch(
      world,
      batchId,
      ({ counts }) => counts.uploading + counts.submitting === 0,
    );
    expect(before.counts.failed).toBeLessThan(30);
    const watched = await runProgram(world, ['status', batchId, '--watch']);
    expect(watched.code).toBe(5);
    expect(watched.stderr).toContain(
      `It does not go on: paused after too many InvalidParameter.Format refusals in a row\n  → Once the cause is fixed: \`onboard resume ${batchId}\`.`,
    );

    world.simulator.state.faults.replace([]);
    await runProgram(world, ['resume', batchId]);
    const after = await waitUntilFinished(world, batchId);
    expect(after.counts.submitted).toBe(30 - before.counts.failed);
  });

  it('stops and continues sending when a person pauses and resumes the account', async () => {
    const world = await createWorld(FAST);
    await runProgram(world, ['pause']);
    await runWorkers(world);
    const batchId = await importRows(world, makeCustomers(2));
    const watched = await runProgram(world, ['status', batchId, '--watch']);
    expect(watched.code).toBe(5);
    expect(watched.stderr).toMatch(
      /It does not go on: paused by \S+ since 20\S+Z\n +→ To continue: `onboard resume`/,
    );
    expect(world.simulator.state.record.arrivals).toEqual([]);
    await runProgram(world, ['resume']);
    expect((await waitUntilFinished(world, batchId)).counts.submitted).toBe(2);
  });
});

describe('settle', () => {
  it.each(['submitted', 'failed'] as const)(
    'takes a parked row as %s, and it is no longer parked',
    async (as) => {
      const world = await createWorld({
        ...FAST,
        faults: [{ operation: 'submit', kind: 'dropAfter' }],
        environment: { CHATAPP_SUBMIT_AMBIGUOUS: 'park' },
      });
      await runWorkers(world);
      const batchId = await importRows(world, makeCustomers(1));
      expect((await waitUntilFinished(world, batchId)).parked).toBe(1);
      expect((await runProgram(world, ['settle', batchId, '--row', '1', '--as', as])).code).toBe(0);
      expect(await world.open.ledger.requireBatch(batchId)).toMatchObject({
        parked: 0,
        counts: { [as]: 1 },
      });
      const again = await runProgram(world, ['settle', batchId, '--row', '1', '--as', as]);
      expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('not parked')]);
    },
  );
});

describe('recurring redrive', () => {
  it('retries a row that failed for a temporary reason with one of several workers', async () => {
    const world = await createWorld({ ...FAST, environment: { ONBOARD_RETRY_CRON: '*/2 * * * * *' } });
    const batchId = await importRows(world, makeCustomers(1));
    const data = { batchId, row: 1 };
    await world.open.queues.upload.obliterate({ force: true });
    await world.open.ledger.transition({
      ...data,
      to: 'failed',
      patch: { code: 'PEER_TIMEOUT', class: 'transient' },
    });
    await runWorkers(world);
    await runWorkers(world);
    await waitForBatch(world, batchId, ({ counts }) => counts.submitted === 1);
    expect(world.simulator.state.record.count('submit')).toBe(1);
    expect((await rowsOf(world, batchId))[0]?.record.rounds).toBe(1);
    expect(await world.open.queues.redrive.getJobSchedulersCount()).toBe(1);
  });

  it('leaves a row alone that failed for its own reason or five times', async () => {
    const world = await createWorld();
    const batchId = await importRows(world, makeCustomers(2));
    const { ledger } = world.open;
    await ledger.transition({
      batchId,
      row: 1,
      to: 'failed',
      patch: { code: 'X', class: 'customer' },
    });
    await ledger.transition({
      batchId,
      row: 2,
      to: 'failed',
      patch: { code: 'X', class: 'transient' },
    });
    for (let round = 0; round < 5; round++) {
      expect(await redriveRecoverable(world.open)).toBe(1);
      await ledger.transition({ batchId, row: 2, to: 'failed', patch: { code: 'X', class: 'transient' } });
    }
    expect(await redriveRecoverable(world.open)).toBe(0);
    expect(await ledger.listRecoverable(10)).toEqual([]);
  });
});
