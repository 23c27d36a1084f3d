import { describe, expect, it } from 'vitest';
import { keepSchedule, readSchedule, setSchedule, startSchedules } from '../../src/batch/schedule.ts';
import { queueName } from '../../src/queue/names.ts';
import { prefixOf } from '../../src/redis/keys.ts';
import { createWorld } from '../support/world.ts';

const HOUR_MS = 3_600_000;

describe('the scheduler of the recurring redrive', () => {
  it.each([':delayed', ':*'])('is recreated if the keys %s of its queue were lost', async (lost) => {
    const world = await createWorld();
    const { redrive } = world.open.queues;
    await startSchedules(world.open);
    const { next } = await readSchedule(world.open);
    const key = `${prefixOf(world.account.ledger)}:${queueName('redrive', world.account.ledger)}`;
    await world.redis.del(...(await world.redis.keys(`${key}${lost}`)));
    await keepSchedule(world.open);
    expect((await readSchedule(world.open)).next).toBeGreaterThanOrEqual(next ?? Number.NaN);
    expect(await redrive.getDelayedCount()).toBe(1);
    await keepSchedule(world.open);
    expect(await redrive.getDelayedCount()).toBe(1);
  });

  it('replaces the one that ran the upkeep of the previous version', async () => {
    const world = await createWorld();
    const { redrive } = world.open.queues;
    await redrive.upsertJobScheduler('upkeep', { every: HOUR_MS }, { name: 'upkeep' });
    await startSchedules(world.open);
    expect((await redrive.getJobSchedulers()).map(({ name }) => name)).toEqual(['redrive']);
  });
});

it('a pattern without a next run is refused before it is stored', async () => {
  const { open } = await createWorld();
  for (const cron of ['99 99 * * *', 'never'])
    await expect(setSchedule(open, { by: 'test', cron })).rejects.toMatchObject({ code: 'USAGE' });
  expect(await open.ledger.readSchedule()).toBeUndefined();
  expect(await setSchedule(open, { by: 'test', cron: '0 3 * * *' })).toMatchObject({ pattern: '0 3 * * *' });
  expect(await setSchedule(open, { by: 'test', cron: 'off' })).toEqual({});
});
