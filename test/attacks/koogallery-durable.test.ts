/** The seller's webhook is told of nothing that Redis may still forget. */
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { readTasks } from '../../src/koogallery/registry/read-instance.ts';
import { connectRedis } from '../../src/redis/connect.ts';
import { creation, doChange } from '../support/koogallery/registry.ts';
import { channelOf, startWebhook, workOf } from '../support/koogallery/webhook.ts';
import { uniqueName } from '../support/redis.ts';
import { startReplicatedRedis, startSingleRedis } from '../support/redis-servers.ts';

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
    await expect.poll(isDone, { timeout: 30_000, interval: 500 }).toBe('done');
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
