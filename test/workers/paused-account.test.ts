/** The pause of an account is stored on its own: nothing that happens to BullMQ's keys ends it. */
import { describe, expect, it } from 'vitest';
import { pauseAccount } from '../../src/batch/pause.ts';
import { resumeAccount } from '../../src/batch/resume.ts';
import { viewAccount } from '../../src/onboarding/account-view.ts';
import { metaKey } from '../../src/queue/paused.ts';
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
    await expect.poll(() => reportOf(world), { timeout: 20_000 }).toBeDefined();
    for (const step of STEPS) await world.redis.hdel(metaKey(world.account.ledger, step), 'paused');
    const batchId = await importRows(world, makeCustomers(3));
    await expect.poll(() => upload.getRateLimitTtl(), { timeout: 20_000 }).toBeGreaterThan(0);
    expect(await outcomesOf(world, batchId)).toEqual(['pending', 'pending', 'pending']);
    expect(world.simulator.state.record.arrivals).toEqual([]);
    await resumeAccount(world.open, { by: 'test' });
    expect((await waitUntilFinished(world, batchId)).counts.submitted).toBe(3);
  });

  it('continues when a dashboard resumes its queues', async () => {
    const world = await createQuickWorld();
    await pauseAccount(world.open, { by: 'test' });
    expect(await world.open.pause.read()).toEqual({ at: expect.any(Number), by: 'test' });
    for (const step of STEPS) await world.open.queues[step].resume();
    await expect.poll(() => world.open.pause.read()).toBeUndefined();
    expect(await viewAccount(world.open)).toMatchObject({ isPaused: false, pause: undefined });
  });

  it('is shown as paused if only BullMQ knows it, as in the previous version', async () => {
    const world = await createQuickWorld();
    await Promise.all(STEPS.map((step) => world.open.queues[step].pause()));
    expect(await viewAccount(world.open)).toMatchObject({ isPaused: true, pause: undefined });
    expect((await runProgram(world, ['status'])).stdout).toMatch(/paused +by a person\n +→ To continue/);
    await runProgram(world, ['resume']);
    expect(await viewAccount(world.open)).toMatchObject({ isPaused: false });
  });
});
