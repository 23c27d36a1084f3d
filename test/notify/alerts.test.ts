import { expect, it, vi } from 'vitest';
import { AppError } from '../../src/errors.ts';
import { readAlertCounts } from '../../src/notify/counts.ts';
import { accountKeys } from '../../src/redis/keys.ts';
import { createWorldApart, QUICK, startAlertsOf } from '../support/alerts.ts';
import { startReceiver } from '../support/receiver.ts';
import type { World } from '../support/world.ts';

const DAY_MS = 86_400_000;
const REFUSAL = new AppError('PEER_REFUSED', 'Refused.', {
  peerCode: 'Forbidden.Unsubscribed',
  class: 'account',
});

const idsOf = (types: readonly { type: string; id: string }[], type: string) =>
  types.filter((each) => each.type === type).map(({ id }) => id);

/** Waits until every process has looked a few more times. */
async function looksGoOn({ redis, account }: World): Promise<void> {
  const key = accountKeys(account.ledger).told;
  for (let times = 0; times < 4; times += 1) {
    const before = await redis.hget(key, 'looked');
    await vi.waitUntil(async () => (await redis.hget(key, 'looked')) !== before, {
      timeout: 10_000,
      interval: 10,
    });
  }
}

it('a breaker is told once by three processes, and so is its end; a lost answer repeats under one id', async () => {
  const world = await createWorldApart();
  let refusals = 1;
  const receiver = await startReceiver((response) => {
    if (refusals-- > 0) response.destroy();
    else response.end('{}');
  });
  startAlertsOf(world, receiver, { processes: 3 });
  await looksGoOn(world);
  await world.open.breaker.open(REFUSAL);
  // A Redis that is slow for once is none that does not answer.
  await world.redis.call('CLIENT', 'PAUSE', '600');
  const openings = () => idsOf(receiver.told(), 'breaker.opened');
  await expect.poll(openings).toHaveLength(2);
  await looksGoOn(world);
  const opened = openings();
  expect(opened).toHaveLength(2);
  expect(new Set(opened).size).toBe(1);
  expect(receiver.told()[0]).toMatchObject({
    account: world.account.name,
    facts: { code: 'Forbidden.Unsubscribed' },
  });
  await world.open.breaker.close();
  await receiver.gets('breaker.closed');
  await looksGoOn(world);
  expect(receiver.told().map(({ type }) => type)).toEqual([
    'breaker.opened',
    'breaker.opened',
    'breaker.closed',
  ]);
  await expect.poll(() => readAlertCounts(world.redis, 'rehearsal')).toHaveLength(3);
  expect(await readAlertCounts(world.redis, 'rehearsal')).toEqual([
    { event: 'breaker.opened', receiver: 'webhook', result: 'sent', count: 1 },
    { event: 'breaker.opened', receiver: 'webhook', result: 'failed', count: 1 },
    { event: 'breaker.closed', receiver: 'webhook', result: 'sent', count: 1 },
  ]);
});

it('what happened while nobody looked is told by the next process, and nothing twice if its notes are lost', async () => {
  const world = await createWorldApart();
  const receiver = await startReceiver();
  const [first] = startAlertsOf(world, receiver);
  await looksGoOn(world);
  await first?.stop();
  await world.open.breaker.open(REFUSAL);
  startAlertsOf(world, receiver);
  await receiver.gets('breaker.opened');
  // As if the process had died between the job and the note of it.
  await world.redis.hdel(accountKeys(world.account.ledger).told, 'breaker');
  await looksGoOn(world);
  expect(idsOf(receiver.told(), 'breaker.opened')).toHaveLength(1);
});

it('a Redis that is full, and one that is gone, are told from memory, once', async () => {
  const world = await createWorldApart();
  const receiver = await startReceiver();
  startAlertsOf(world, receiver, { timing: { ...QUICK, unreachableMs: 1_000 } });
  await looksGoOn(world);
  await world.redis.config('SET', 'maxmemory', '1');
  await receiver.gets('redis.memory');
  await world.redis.config('SET', 'maxmemory', '0');
  await looksGoOn(world);
  await world.stopRedis();
  await receiver.gets('redis.unreachable');
  expect(idsOf(receiver.told(), 'redis.memory')).toHaveLength(1);
  expect(idsOf(receiver.told(), 'redis.unreachable')).toHaveLength(1);
});

it('reviews that are overdue are told once a day', async () => {
  const world = await createWorldApart();
  const receiver = await startReceiver();
  const { told, awaited } = accountKeys(world.account.ledger);
  await world.redis.zadd(awaited, Date.now() - 8 * DAY_MS, 'C1', Date.now() - 6 * DAY_MS, 'C2');
  startAlertsOf(world, receiver);
  await receiver.gets('review.overdue');
  expect(receiver.told()[0]).toMatchObject({ account: world.account.name, facts: { reviews: 1, days: 7 } });
  await looksGoOn(world);
  expect(idsOf(receiver.told(), 'review.overdue')).toHaveLength(1);
  const { since } = JSON.parse((await world.redis.hget(told, 'reviews')) ?? '{}');
  await world.redis.hset(told, 'reviews', JSON.stringify({ since: since - DAY_MS, isTold: true }));
  // The same day has the same id, which is not delivered twice; yet it is noted as told anew.
  await expect.poll(() => world.redis.hget(told, 'reviews')).toContain(String(since));
});
