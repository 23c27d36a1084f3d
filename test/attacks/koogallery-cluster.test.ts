/**
 * Channels on a cluster of Redis whose node dies, or whose slot moves to another one: receivers, workers and what reports
 * usage go on there, and everything that was acknowledged is done and billed once.
 */
import { expect, it, onTestFinished, vi } from 'vitest';
import { compareKept } from '../../scripts/bench/koogallery-kept.ts';
import { PersistentCaller } from '../../scripts/bench/koogallery-orders.ts';
import { channelKeys } from '../../src/koogallery/keys.ts';
import type { ChannelAccess } from '../../src/koogallery/registry/scripts.ts';
import { decimalOf, unitsOf } from '../../src/koogallery/usage/decimal.ts';
import { countUsage } from '../../src/koogallery/usage/read-usage.ts';
import { recordUsage } from '../../src/koogallery/usage/record.ts';
import { Durable } from '../../src/redis/durable.ts';
import { channelPrefix } from '../../src/redis/keys.ts';
import { KEY } from '../support/koogallery/marketplace.ts';
import { openShop } from '../support/koogallery/processes.ts';
import { makeUsage } from '../support/open-apis.ts';
import { type RedisCluster, startCluster } from '../support/redis-servers.ts';
import { beginSlotMove } from '../support/slot-move.ts';

const POLL = { timeout: 120_000, interval: 50 };
/** A process that loses an answer of Redis keeps its turn to report for a minute, and looks again 40 seconds later. */
const REPORTED = { timeout: 150_000, interval: 50 };
const PER_SECOND = 30;
const HOURS = 20;

async function recordAll(access: ChannelAccess, name: string) {
  const records = Array.from({ length: HOURS }, (_, hour) => makeUsage(name, hour + 1, `${hour}.25`));
  const durable = new Durable(access.redis);
  onTestFinished(() => durable.close());
  const writes = await durable.begin(channelKeys(access.slug).durable, 'durable');
  await recordUsage(access, records, { by: 'test' });
  // Until then, a node that dies may take them with it: a replica is told a little later.
  await writes.confirm();
  const units = records.reduce((sum, { value }) => sum + (unitsOf(value) ?? 0n), 0n);
  return [name, decimalOf(units)] as const;
}

type Disturb = () => Promise<void>;

/** What is done to the node that has the key, once it is time. */
const DISTURBANCES: Record<string, (cluster: RedisCluster, key: string) => Promise<Disturb>> = {
  async 'the node dies'(cluster, key) {
    const { master, takenOver } = await cluster.addReplica(key);
    return async () => {
      await master.kill();
      await takenOver();
    };
  },
  async 'the slot moves'({ url }, key) {
    return async () => {
      const move = await beginSlotMove(url, key);
      // That somebody meets it is likely, and not what is promised here: cluster-reshard.test.ts makes sure of it.
      await expect
        .poll(() => move.isMet(), { timeout: 15_000 })
        .toBe(true)
        .catch(() => process.stderr.write('Nobody met a key on its way within 15 seconds.\n'));
      await move.finish();
    };
  },
};

it.each(Object.entries(DISTURBANCES))('loses and doubles nothing when %s', async (_name, prepare) => {
  const cluster = await startCluster();
  const shop = await openShop({
    ...{ redisUrl: cluster.url, generations: ['saas-v2'], chargingModes: ['on-demand'], usesApis: true },
  });
  const [stand] = shop.stands;
  if (stand === undefined) throw new Error('no stand');
  const { access } = stand;
  const disturb = await prepare(cluster, channelPrefix(access.slug));
  const ports = (await Promise.all([shop.serve(), shop.serve()])).map(({ port }) => port);
  await Promise.all([shop.work(), shop.work()]);
  const urls = ports.map((port) => stand.at(port).href);
  const caller = new PersistentCaller({ urls, key: KEY, perSecond: PER_SECOND, retryMs: 200 });
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const running = caller.run(stop.signal);
  const goesOn = (changes: number) => {
    const from = caller.acknowledged;
    return expect.poll(() => caller.acknowledged - from, POLL).toBeGreaterThan(changes);
  };
  await goesOn(60);
  const sums = [await recordAll(access, 'before')];
  await disturb();
  // While the nodes agree on who has the slots, they may refuse it: whoever gives it, gives it again.
  sums.push(await vi.waitFor(() => recordAll(access, 'after'), POLL));
  await goesOn(100);
  stop.abort();
  await running;

  await expect.poll(() => access.redis.zcard(channelKeys(access.slug).due), POLL).toBe(0);
  const kept = await compareKept(access, caller.orders);
  expect(kept).toMatchObject({ faults: [], lost: 0, doubled: 0, tasks: caller.acknowledged });
  // A call whose answer the node took with it is made again under its key; nothing is done that nobody asked for.
  expect(new Set(shop.webhook.calls.map(({ key }) => key)).size).toBe(caller.acknowledged);
  await expect.poll(async () => (await countUsage(access)).received, REPORTED).toBe(2 * HOURS);
  const billed = [...shop.apis.usage.sums()].map(([name, value]) => [name, decimalOf(unitsOf(value) ?? 0n)]);
  expect(Object.fromEntries(billed)).toEqual(Object.fromEntries(sums));
});
