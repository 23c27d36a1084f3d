/** Neither the seller's webhook nor the marketplace is told of anything that Redis may still forget. */
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { readTasks } from '../../src/koogallery/registry/read-instance.ts';
import { pushBatch } from '../../src/koogallery/usage/push-batch.ts';
import { listUsage } from '../../src/koogallery/usage/read-usage.ts';
import { recordUsage } from '../../src/koogallery/usage/record.ts';
import { connectRedis } from '../../src/redis/connect.ts';
import { creation, doChange } from '../support/koogallery/registry.ts';
import { channelOf, startWebhook, workOf } from '../support/koogallery/webhook.ts';
import { makeUsage, openApisForTest } from '../support/open-apis.ts';
import { uniqueName } from '../support/redis.ts';
import { startReplicatedRedis, startSingleRedis } from '../support/redis-servers.ts';
import { wayTo } from '../support/seller.ts';
import { beginOf } from '../support/usage-writes.ts';

async function createShop(url: string) {
  const redis = connectRedis(url, { waitsForever: true });
  onTestFinished(() => redis.disconnect());
  const access = { redis, slug: uniqueName() };
  const webhook = await startWebhook();
  const channel = channelOf(access.slug, webhook.url);
  await doChange(access, creation('i'));
  return { access, webhook, channel };
}

describe.skipIf(!inject('hasRedisServer'))('a create', () => {
  it('waits for the replica before the webhook is told, which is no failure', async () => {
    const { url, replica } = await startReplicatedRedis();
    const { access, webhook, channel } = await createShop(url);
    const work = workOf(access, { channel, durability: 'durable', waitMs: 500 });
    replica.freeze();
    await work.workOn('i');
    expect(webhook.calls).toEqual([]);
    const [task] = await readTasks(access, 'i');
    expect(task).toMatchObject({ state: 'due', attempts: 1, failures: 0 });
    expect(task?.reason).toContain('A replica of Redis did not confirm it');
    replica.thaw();
    const isDone = async () => {
      await work.workOn('i');
      return (await readTasks(access, 'i'))[0]?.state;
    };
    await expect.poll(isDone, { interval: 500 }).toBe('done');
    expect(webhook.calls).toHaveLength(1);
  });

  it('is not begun on a Redis that may forget, unless that was accepted', async () => {
    const { url } = await startSingleRedis(['--appendonly', 'no']);
    const { access, webhook, channel } = await createShop(url);
    const refused = workOf(access, { channel, durability: 'durable' }).workOn('i');
    await expect(refused).rejects.toMatchObject({ code: 'REDIS_NOT_DURABLE' });
    expect(webhook.calls).toEqual([]);
    await workOf(access, { channel, durability: 'relaxed' }).workOn('i');
    expect(webhook.calls).toHaveLength(1);
  });
});

describe.skipIf(!inject('hasRedisServer'))('a report of usage', () => {
  it('waits for the replica, and what it took is put back as it was until then', async () => {
    const { url, replica } = await startReplicatedRedis();
    const redis = connectRedis(url, { waitsForever: true });
    onTestFinished(() => redis.disconnect());
    const access = { redis, slug: uniqueName() };
    const apis = await openApisForTest();
    const begin = beginOf(access, 'durable', { waitMs: 500 });
    const turn = { token: 'me', holdMs: 60_000 };
    const ending = new AbortController().signal;
    const way = wayTo(apis.origin, {});
    const push = () => pushBatch({ access, way, begin, turn, ending, limits: { batchMax: 9, ceiling: 9 } });
    await recordUsage(access, [{ ...makeUsage('a', 1), meteringSn: 'sn' }], { by: 'test' });
    replica.freeze();
    await expect(push()).rejects.toMatchObject({ code: 'NOT_DURABLE_YET' });
    expect(apis.calls).toEqual([]);
    expect(await listUsage(access, { state: 'recorded', limit: 9 })).toMatchObject([{ id: 'sn', lost: 0 }]);
    replica.thaw();
    const received = async () => (await push().catch(() => undefined))?.received;
    await expect.poll(received, { interval: 500 }).toBe(1);
    expect(apis.usage.repetitions).toBe(0);
  });
});
