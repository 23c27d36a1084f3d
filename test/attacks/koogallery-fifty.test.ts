/** Fifty identical purchases at once, at two receivers with two workers behind them: one instance, and one provisioning. */
import { expect, it } from 'vitest';
import { listInstances } from '../../src/koogallery/registry/list-instances.ts';
import { readTasks } from '../../src/koogallery/registry/read-instance.ts';
import { accessOf } from '../../src/sandbox/koogallery/belief.ts';
import { type Exchange, SimulatedMarketplace } from '../../src/sandbox/koogallery/marketplace.ts';
import { KEY } from '../support/koogallery/marketplace.ts';
import { openShop } from '../support/koogallery/processes.ts';
import { startSingleRedis } from '../support/redis-servers.ts';

const AT_ONCE = 50;
const POLL = { interval: 50 };
const codesOf = (exchanges: readonly Exchange[]) =>
  new Set(exchanges.map(({ answer }) => answer?.resultCode));

it.each([
  { generation: 'saas-v2', first: ['000004'] },
  { generation: 'license-online', first: ['000004'] },
  { generation: 'saas-v1', first: ['000000'] },
  { generation: 'license-v1', first: ['000000'] },
] as const)('$generation: one instance, one provisioning call, 50 times the same id', async (each) => {
  const { generation, first } = each;
  const { url } = await startSingleRedis();
  const shop = await openShop({ redisUrl: url, generations: [generation] });
  const [stand] = shop.stands;
  if (stand === undefined) throw new Error('no stand');
  const [one, other] = await Promise.all([shop.serve(), shop.serve()]);
  const marketplaces = [one, other].map(
    ({ port }) => new SimulatedMarketplace({ endpoint: stand.at(port), generation, keys: { current: KEY } }),
  );
  const [marketplace] = marketplaces;
  if (marketplace === undefined) throw new Error('no marketplace');
  const [order, event] = [marketplace.placeOrder(), marketplace.event('create')];
  // What a busy machine could not answer in time, the marketplace sends again.
  const call = async (each: SimulatedMarketplace) => {
    for (;;) {
      const exchange = await each.call(order, event);
      if (exchange.answer?.resultCode !== '000005') return exchange;
    }
  };
  const buy = () =>
    Promise.all(Array.from({ length: AT_ONCE / 2 }, () => marketplaces.map((each) => call(each))).flat());
  const bought = await buy();
  expect(codesOf(bought)).toEqual(new Set(first));
  const { access } = stand;
  const { instances } = await listInstances(access, { limit: 10 });
  const [{ id } = { id: '' }] = instances;
  expect(instances).toHaveLength(1);

  await Promise.all([shop.work(), shop.work()]);
  await expect
    .poll(async () => (await readTasks(access, id)).map(({ state }) => state), POLL)
    .toEqual(['done']);
  const again = await buy();
  expect(codesOf(again)).toEqual(new Set(['000000']));
  const all = [...bought, ...again];
  expect(new Set(all.map(({ answer }) => answer?.instanceId))).toEqual(new Set([id]));
  expect(new Set(all.map(({ answer }) => answer?.license)).size).toBe(1);
  // Encrypted anew each time, it is the same.
  expect(new Set(all.map(({ answer }) => JSON.stringify(accessOf(answer, KEY)))).size).toBe(1);
  // A code that was loaded before needs nobody to issue it.
  const called = generation === 'license-v1' ? [] : [`${id}:1`];
  expect(shop.webhook.calls.map(({ key }) => key)).toEqual(called);
  expect(await readTasks(access, id)).toHaveLength(1);
});
