/** The pause of an account is stored on its own: nothing that happens to BullMQ's keys ends it. */
import { describe, expect, it } from 'vitest';
import { pauseAccount } from '../../src/batch/pause.ts';
import { goOn, resumeAccount } from '../../src/batch/resume.ts';
import { viewAccount } from '../../src/onboarding/account-view.ts';
import { keepPaused } from '../../src/queue/keep-paused.ts';
import { queueKeys } from '../../src/queue/paused.ts';
import { STEPS } from '../../src/redis/keys.ts';
import { makeCustomers } from '../support/customers.ts';
import { importRows, runProgram } from '../support/programs.ts';
import { outcomesOf } from '../support/rows.ts';
import { createQuickWorld, createSlowWorld, reportOf } from '../support/upkeep.ts';
import { waitUntilFinished } from '../support/waiting.ts';
import { runWorkers } from '../support/workers.ts';

describe('a paused account', () => {
  it('is granted nothing even if its queues are not paused, and fails no row', async () => {
    const world = await createSlowWorld();
    await world.open.pause.set('test');
    await runWorkers(world);
    const { upload } = world.open.queues;
    await expect.poll(() => reportOf(world)).toBeDefined();
    for (const { mark } of queueKeys(world.account.ledger)) await world.redis.hdel(mark, 'paused');
    const batchId = await importRows(world, makeCustomers(3));
    await expect.poll(() => upload.getRateLimitTtl()).toBeGreaterThan(0);
    expect(await outcomesOf(world, batchId)).toEqual(['pending', 'pending', 'pending']);
    expect(world.simulator.state.record.arrivals).toEqual([]);
    await resumeAccount(world.open, { by: 'test' });
    expect((await waitUntilFinished(world, batchId)).counts.submitted).toBe(3);
  });

  it('stays paused by whoever pauses it while somebody else lets it go on', async () => {
    const { open } = await createQuickWorld();
    await pauseAccount(open, { by: 'ann' });
    await open.pause.clear();
    await pauseAccount(open, { by: 'bob' });
    await goOn(open, { by: 'ann' });
    // What is written in reaction to something is written by now.
    await open.redis.ping();
    expect(await viewAccount(open)).toMatchObject({ isPaused: true, pause: { by: 'bob' } });
    for (const step of STEPS) expect(await open.queues[step].isPaused()).toBe(true);
  });

  it('is not paused any more once its pause has ended, wherever whoever ends it dies', async () => {
    const { open } = await createQuickWorld();
    await pauseAccount(open, { by: 'test' });
    await open.pause.clear();
    expect(await viewAccount(open)).toMatchObject({ isPaused: false, heldBy: [{ reason: 'noWorker' }] });
    await open.pause.hold('worker', 7);
    await keepPaused(open.redis, open.account.ledger);
    await open.pause.release(await open.pause.beginRecovery('test'));
    expect(await viewAccount(open)).toMatchObject({ isPaused: false, heldBy: [{ reason: 'noWorker' }] });
  });

  it('is shown as paused in its queues from the moment in which it is', async () => {
    const { open } = await createQuickWorld();
    await open.pause.set('test');
    for (const step of STEPS) expect(await open.queues[step].isPaused()).toBe(true);
  });

  it('is shown as paused if BullMQ has paused one of its queues', async () => {
    const { open } = await createQuickWorld();
    await open.queues.submit.pause();
    expect(await viewAccount(open)).toMatchObject({ isPaused: true });
  });

  it('is shown as paused if only BullMQ knows it, because another program paused its queues', async () => {
    const world = await createQuickWorld();
    await Promise.all(STEPS.map((step) => world.open.queues[step].pause()));
    expect(await viewAccount(world.open)).toMatchObject({ isPaused: true, pause: undefined });
    expect((await runProgram(world, ['status'])).stdout).toMatch(
      /paused +in BullMQ itself, .+\n +→ To continue/,
    );
    await runProgram(world, ['resume']);
    expect(await viewAccount(world.open)).toMatchObject({ isPaused: false });
  });
});
