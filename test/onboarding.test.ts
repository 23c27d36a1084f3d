/** The public entry: what it refuses, and that nothing of it stays behind. */
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { createOnboarding, type Onboarding, type OnboardingOptions } from '../src/index.ts';
import { createLogger } from '../src/logger.ts';
import { readSettings } from '../src/onboarding/config.ts';
import { startRedisServer } from '../src/sandbox/local-redis.ts';
import { makeCustomers, writeInput } from './support/customers.ts';
import { importRows } from './support/programs.ts';
import { createWorld, type World } from './support/world.ts';

const logger = createLogger('silent');

function open({ environment, settings }: World, options: OnboardingOptions = {}): Onboarding {
  const onboarding = createOnboarding(settings, { environment, logger, ...options });
  onTestFinished(() => onboarding.close());
  return onboarding;
}

async function orderOf(world: World) {
  const path = await writeInput(world, makeCustomers(2));
  return { from: { path }, agreements: world.agreements, by: 'test' };
}

describe('an import by a program', () => {
  it.each([
    [{ notBefore: Number.NaN }, 'notBefore'],
    [{ notBefore: Number.POSITIVE_INFINITY }, 'notBefore'],
    [{ priority: -5 }, 'priority'],
    [{ priority: 2.5 }, 'priority'],
    [{ maxFailures: -1 }, 'maxFailures'],
    [{ by: '' }, 'by'],
    [{ by: undefined as unknown as string }, 'by'],
  ])('is refused with %j before anything is written', async (changes, field) => {
    const world = await createWorld();
    const onboarding = open(world);
    const importing = onboarding.import({ ...(await orderOf(world)), ...changes });
    await expect(importing).rejects.toMatchObject({ code: 'USAGE', message: expect.stringContaining(field) });
    expect(await onboarding.batches({ limit: 10 })).toEqual([]);
  });

  it('names the settings that cannot be used, by their paths', () => {
    const bad = { accounts: [], chatApp: { timeoutMs: 'x' } } as unknown as Parameters<
      typeof createOnboarding
    >[0];
    expect(() => createOnboarding(bad)).toThrow(/accounts: .*chatApp\.timeoutMs: /);
  });
});

describe('an installation that was closed', () => {
  it('refuses every use with a code, and connects no more', async () => {
    const world = await createWorld();
    const batchId = await importRows(world, makeCustomers(1));
    const onboarding = open(world);
    await onboarding.status(batchId);
    await onboarding.close();
    await onboarding.close();
    const order = await orderOf(world);
    const uses = [
      onboarding.status(batchId),
      onboarding.cancel(batchId, { by: 'test' }),
      onboarding.import(order),
      onboarding.startWorkers(),
      onboarding.follow(batchId).next(),
      onboarding.accounts(),
    ];
    for (const use of await Promise.allSettled(uses))
      expect(use).toMatchObject({ status: 'rejected', reason: { code: 'INSTALLATION_CLOSED' } });
    expect(await onboarding.isReachable()).toBe(false);
  });

  it('stops workers that were still starting when it was closed', async () => {
    const world = await createWorld();
    const onboarding = open(world);
    const starting = onboarding.startWorkers();
    await onboarding.close();
    await starting;
    const batchId = await importRows(world, makeCustomers(1));
    expect(await world.open.queues.upload.getWorkersCount()).toBe(0);
    expect((await world.open.ledger.requireBatch(batchId)).counts.pending).toBe(1);
  });
});

it.runIf(inject('hasRedisServer'))(
  'says within seconds that a Redis that has gone is not reachable',
  async () => {
    const server = await startRedisServer('redis-server');
    onTestFinished(server.stop);
    const world = await createWorld({ redisUrl: server.url });
    const onboarding = open(world);
    expect(await onboarding.isReachable()).toBe(true);
    await server.stop();
    expect(await onboarding.isReachable()).toBe(false);
  },
);

it.each(['nothing', 'id:log', '', 'x'.repeat(100)])('knows no batch %j', async (batchId) => {
  const world = await createWorld();
  await expect(open(world).log(batchId)).rejects.toMatchObject({ code: 'BATCH_UNKNOWN' });
});

it('reads the settings of the environment as a program would write them', async () => {
  const world = await createWorld();
  expect(readSettings(world.environment)).toEqual(world.settings);
  expect(createOnboarding(world.settings, { logger }).settings).toEqual(world.settings);
});
