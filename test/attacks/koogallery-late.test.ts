/** A receiver that has lost Redis for a while: what it could not answer in time, it does not do later either. */
import { expect, inject, it, onTestFinished } from 'vitest';
import { readInstance, readTasks } from '../../src/koogallery/registry/read-instance.ts';
import { connectRedis } from '../../src/redis/connect.ts';
import { COMPILER, startRedisWithClock } from '../support/clock.ts';
import { openMarketplace } from '../support/koogallery/marketplace.ts';
import { startSingleRedis } from '../support/redis-servers.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';

const CREATE = { activity: 'newInstance', orderId: 'o', orderLineId: 'l', businessId: 'i' };
const FREEZE = { activity: 'updateInstanceStatus', instanceId: 'i', status: 'FREEZE' };

it('does not freeze afterwards what another receiver has frozen and let go on meanwhile', async () => {
  const { url } = await startSingleRedis();
  const proxy = await startTcpProxy(url);
  const connect = (place: string) => {
    const redis = connectRedis(place, { waitsForever: false });
    onTestFinished(() => redis.disconnect());
    return redis;
  };
  const cutOff = await openMarketplace({ redis: connect(proxy.url) });
  const { channel, access } = cutOff;
  const other = await openMarketplace({ channel: { slug: channel.slug }, redis: connect(url) });
  expect((await cutOff.post(CREATE)).code).toBe('000004');
  const connections = proxy.count;
  proxy.silence();
  expect((await cutOff.post(FREEZE)).code).toBe('000005');
  // The marketplace sends it again, and it comes to the other one.
  expect((await other.post(FREEZE)).code).toBe('000000');
  expect((await other.post({ ...FREEZE, status: 'UNFREEZE' })).code).toBe('000000');
  await expect.poll(() => proxy.count).toBeGreaterThan(connections);
  const works = async () => (await cutOff.post({ activity: 'queryInstance', instanceId: 'i' })).code;
  await expect.poll(works).toBe('000004');
  const direct = { ...access, redis: other.access.redis };
  expect((await readTasks(direct, 'i')).map(({ type }) => type)).toEqual([
    ...['instance.create', 'instance.freeze', 'instance.unfreeze'],
  ]);
  expect(await readInstance(direct, 'i')).toMatchObject({ wanted: 'active' });
  expect((await cutOff.post(FREEZE)).code).toBe('000000');
});

it.skipIf(!inject('hasRedisServer') || COMPILER === undefined)(
  'goes on after the clock of Redis has jumped',
  async () => {
    const { url, setClock } = await startRedisWithClock();
    const redis = connectRedis(url, { waitsForever: false });
    onTestFinished(() => redis.disconnect());
    const { post } = await openMarketplace({ redis });
    expect((await post(CREATE)).code).toBe('000004');
    for (const seconds of [3_600, -3_600]) {
      await setClock(seconds);
      const renew = {
        activity: 'refreshInstance',
        instanceId: 'i',
        scene: 'RENEWAL',
        orderId: `r${seconds}`,
      };
      const call = { ...renew, orderLineId: 'l', expireTime: '20990101000000' };
      // The first one may be too late for the clock that was known.
      await post(call);
      expect((await post(call)).code).toBe('000000');
    }
  },
);
