/** V1.0 has no nonce: an old call that somebody sends again must set no state. */
import { expect, it } from 'vitest';
import { channelKeys } from '../../../src/koogallery/keys.ts';
import { formatUtc17 } from '../../../src/koogallery/protocol/time.ts';
import { readInstance } from '../../../src/koogallery/registry/read-instance.ts';
import { openMarketplace } from '../../support/koogallery/marketplace.ts';

const MINUTE_MS = 60_000;

async function sold() {
  const { get, access } = await openMarketplace({ channel: { generation: 'saas-v1' } });
  const now = Date.now();
  const say = async (activity: string, minutes: number, more: Record<string, string> = {}) => {
    const timeStamp = formatUtc17(new Date(now + minutes * MINUTE_MS));
    const { code } = await get({ activity, instanceId: 'i', orderId: 'o', timeStamp, ...more });
    return [code, (await readInstance(access, 'i'))?.wanted];
  };
  const create = { customerId: 'c', productId: 'p', businessId: 'i' };
  expect(await say('newInstance', -600, create)).toEqual(['000000', 'active']);
  return { say, access };
}

const TO_COME = { orderId: 'r', expireTime: '20990101000000' };

it('obeys no replay, and writes that down', async () => {
  const { say, access } = await sold();
  expect(await say('expireInstance', -60)).toEqual(['000000', 'frozen']);
  // It revives, so the expiry before it is over, and comes again.
  expect(await say('refreshInstance', -59, TO_COME)).toEqual(['000000', 'active']);
  expect(await say('expireInstance', -60)).toEqual(['000000', 'active']);
  expect(await say('instanceStatus', -50, { instanceStatus: 'FREEZE' })).toEqual(['000000', 'frozen']);
  expect(await say('instanceStatus', -51, { instanceStatus: 'NORMAL' })).toEqual(['000000', 'active']);
  expect(await say('instanceStatus', -50, { instanceStatus: 'FREEZE' })).toEqual(['000000', 'active']);
  expect(await say('expireInstance', -58)).toEqual(['000000', 'active']);
  const [line] = (await access.redis.xrevrange(channelKeys(access.slug).calls, '+', '-')).slice(0, 1);
  expect(line?.[1].join(' ')).toMatch(/verdict repeated .*reason old/);
});

it('refuses nothing honest, however the clocks of the marketplace run', async () => {
  const { say } = await sold();
  // One is ahead by years; then all go on as they were, at the same time even.
  expect(await say('expireInstance', 5_000_000)).toEqual(['000000', 'frozen']);
  expect(await say('instanceStatus', -1, { instanceStatus: 'NORMAL' })).toEqual(['000000', 'active']);
  expect(await say('expireInstance', -1)).toEqual(['000000', 'frozen']);
  expect(await say('instanceStatus', 0, { instanceStatus: 'NORMAL' })).toEqual(['000000', 'active']);
  expect(await say('expireInstance', 0, { timeStamp: 'today' })).toEqual(['000000', 'frozen']);
  // A renewal is never taken for an old one, and a release neither.
  expect(await say('refreshInstance', -300, TO_COME)).toEqual(['000000', 'active']);
  expect(await say('releaseInstance', -400)).toEqual(['000000', 'released']);
});
