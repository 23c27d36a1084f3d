import { describe, expect, it } from 'vitest';
import { Heartbeats, heartbeatsScript, WORKING } from '../../src/pace/heartbeats.ts';
import { accountKeys } from '../../src/redis/keys.ts';
import { connectTestRedis, uniqueName } from '../support/redis.ts';

const TIMING = { everyMs: 100, goneAfterMs: 300 };

function openTwo(timing = TIMING) {
  const [redis, account] = [connectTestRedis(), uniqueName()];
  const open = () => new Heartbeats(redis, { account, version: '1.2.3', timing });
  return { redis, keys: accountKeys(account), first: open(), second: open() };
}

describe('heartbeats', () => {
  it('list who is there, since when and in which state, and forget who leaves at once', async () => {
    const { first, second } = openTwo({ everyMs: 10_000, goneAfterMs: 30_000 });
    expect(await first.list()).toMatchObject({ lastSeen: undefined, workers: [] });
    await first.beat(WORKING);
    await second.beat('no credentials');
    const { workers, now, lastSeen } = await first.list();
    const common = { pid: process.pid, version: '1.2.3', since: expect.any(Number) };
    expect(workers).toHaveLength(2);
    expect(workers).toContainEqual(
      expect.objectContaining({ ...common, id: first.processId, state: 'working' }),
    );
    expect(workers).toContainEqual(
      expect.objectContaining({ ...common, id: second.processId, state: 'no credentials' }),
    );
    expect(now - (lastSeen ?? 0)).toBeLessThan(10_000);
    await second.leave();
    expect((await first.list()).workers.map(({ id }) => id)).toEqual([first.processId]);
    expect([await first.has(first.processId), await first.has(second.processId)]).toEqual([true, false]);
  });

  it('tell since when a state lasts, and keep since when the process works', async () => {
    const { first } = openTwo({ everyMs: 10_000, goneAfterMs: 30_000 });
    const read = async () => (await first.list()).workers[0];
    await first.beat(WORKING);
    const begun = await read();
    await expect.poll(async () => (await first.list()).now).toBeGreaterThan(begun?.since ?? Infinity);
    await first.beat(WORKING);
    expect(await read()).toEqual(begun);
    await first.beat('clock off');
    expect(await read()).toMatchObject({ since: begun?.since, state: 'clock off' });
    expect((await read())?.stateSince).toBeGreaterThan(begun?.stateSince ?? Infinity);
  });

  it('keep since when a reason lasts while its words change', async () => {
    const { first } = openTwo({ everyMs: 10_000, goneAfterMs: 30_000 });
    const read = async () => (await first.list()).workers[0];
    await first.beat('clock 600 s ahead', 'clock');
    const begun = await read();
    await expect.poll(async () => (await first.list()).now).toBeGreaterThan(begun?.since ?? Infinity);
    await first.beat('clock 601 s ahead', 'clock');
    expect(await read()).toEqual({ ...begun, state: 'clock 601 s ahead' });
  });

  it('stop counting a while after the last one, and the next one of another removes what is left', async () => {
    const { redis, keys, first, second } = openTwo();
    await first.beat(WORKING);
    const { lastSeen } = await second.list();
    await expect.poll(() => first.has(first.processId)).toBe(false);
    expect((await second.list()).lastSeen).toBe(lastSeen);
    expect(await redis.zcard(keys.workers)).toBe(1);
    await second.beat(WORKING);
    expect(await redis.zrange(keys.workers, '0', '-1')).toEqual([second.processId]);
    expect(await redis.hkeys(keys.aboutWorkers)).toEqual([second.processId]);
  });

  it('do not count for long if the clock of Redis has been set back', async () => {
    const { redis, keys, first, second } = openTwo();
    await first.beat(WORKING);
    await redis.zadd(keys.workers, String(Date.now() + 3_600_000), first.processId);
    expect(await second.has(first.processId)).toBe(false);
    await second.beat(WORKING);
    expect(await redis.zcard(keys.workers)).toBe(1);
  });
});

it('a description that this version cannot read hides no other process', () => {
  const about = { id: 'a', host: 'h', pid: 1, version: '1', state: 'working', since: 1, stateSince: 1 };
  const reply = ['now', 5, 'lastSeen', 0, 'workers', ['{"id":"b"}', JSON.stringify(about)]];
  expect(heartbeatsScript.decode(reply)).toEqual({ now: 5, lastSeen: undefined, workers: [about] });
});
