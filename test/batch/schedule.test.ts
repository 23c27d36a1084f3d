import { describe, expect, it } from 'vitest';
import { keepSchedule, readSchedule, startSchedules } from '../../src/batch/schedule.ts';
import { queueName } from '../../src/queue/names.ts';
import { prefixOf } from '../../src/redis/keys.ts';
import { createWorld } from '../support/world.ts';

const HOUR_MS = 3_600_000;

describe('the scheduler of the recurring redrive', () => {
  it.each(['the job of its next run', 'the scheduler'])('is made again where %s was lost', async (what) => {
    const world = await createWorld();
    const { redrive } = world.open.queues;
    await startSchedules(world.open);
    const { next } = await readSchedule(world.open);
    const key = `${prefixOf(world.account.name)}:${queueName('redrive', world.account.name)}`;
    await world.redis.del(`${key}:delayed`, ...(what === 'the scheduler' ? [`${key}:repeat`] : []));
    await keepSchedule(world.open);
    expect((await readSchedule(world.open)).next).toBeGreaterThanOrEqual(next ?? Number.NaN);
    expect(await redrive.getDelayedCount()).toBe(1);
    await keepSchedule(world.open);
    expect(await redrive.getDelayedCount()).toBe(1);
  });

  it('replaces the one by which the version before ran its upkeep', async () => {
    const world = await createWorld();
    const { redrive } = world.open.queues;
    await redrive.upsertJobScheduler('upkeep', { every: HOUR_MS }, { name: 'upkeep' });
    await startSchedules(world.open);
    expect((await redrive.getJobSchedulers()).map(({ name }) => name)).toEqual(['redrive']);
  });
});
