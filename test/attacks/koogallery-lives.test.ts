/** Whole lives of orders between the simulated marketplace and our receiver. */
import { describe, expect, it } from 'vitest';
import { GENERATIONS } from '../../src/koogallery/protocol/intent.ts';
import { connectRedis } from '../../src/redis/connect.ts';
import type { BelievedOrder } from '../../src/sandbox/koogallery/belief.ts';
import { probeLive } from '../../src/sandbox/koogallery/live-probe.ts';
import { SimulatedMarketplace } from '../../src/sandbox/koogallery/marketplace.ts';
import { stepsOf } from '../../src/sandbox/koogallery/messages.ts';
import { freePort } from '../../src/sandbox/local-redis.ts';
import { runCommand } from '../support/command.ts';
import { makeChannelsFile } from '../support/koogallery/channels-file.ts';
import { faultsOf, listenAsSeller, SHUFFLES } from '../support/koogallery/listening.ts';
import { KIT_KEY, makeOpenChannel, PREVIOUS_KEY } from '../support/koogallery/marketplace.ts';
import { startProgram } from '../support/programs.ts';
import { startSingleRedis } from '../support/redis-servers.ts';

/** What our registry calls the states of the marketplace. */
const wantedOf = ({ state }: BelievedOrder): string =>
  state === 'opening' || state === 'ordered' ? 'active' : state;

describe.each(GENERATIONS)('%s', (generation) => {
  it.each(SHUFFLES)('our receiver passes whole lives, shuffled by %s', async (shuffle) => {
    const { terms, instances } = await listenAsSeller(generation);
    const report = await probeLive({ ...terms, shuffle });
    expect(faultsOf(report)).toEqual([]);
    const kept = (await instances()).filter(({ kind }) => kind !== 'order');
    expect(kept.map(({ id }) => id).sort()).toEqual(report.orders.map(({ instanceId }) => instanceId).sort());
    expect(new Set(kept.map(({ wanted }) => wanted))).toEqual(new Set(['released']));
  });

  it('our receiver passes with the previous key as the only one, and while nobody works', async () => {
    const { terms } = await listenAsSeller(generation, {
      provision: { kind: 'webhook', url: 'http://127.0.0.1:1/', secret: 's' },
    });
    const faults = faultsOf(await probeLive({ ...terms, keys: { current: PREVIOUS_KEY, kit: KIT_KEY } }));
    // Nobody has made the instance, and only V2.0 says so.
    const waits =
      generation === 'saas-v2' ? [expect.stringContaining('queryInstance ready fail: 000004')] : [];
    expect(faults).toEqual(waits);
  });
});

it('agrees with the marketplace after Redis was killed in the middle of lives', async () => {
  const { url, server } = await startSingleRedis();
  const redis = connectRedis(url, { waitsForever: true });
  const { terms, instances } = await listenAsSeller('saas-v2', {}, redis);
  const marketplace = new SimulatedMarketplace(terms);
  const orders = Array.from({ length: 6 }, () => marketplace.placeOrder());
  const live = async (order: BelievedOrder, index: number) => {
    await marketplace.deliver(order, marketplace.event('create'));
    const steps = stepsOf('saas-v2').filter((step) => /^(refresh|freeze|unfreeze|upgrade)$/.test(step));
    // Each stops at another step, so that they end in different states.
    for (const [made, step] of [...steps, ...steps, 'release' as const].slice(0, 4 + index).entries()) {
      if (order === orders[0] && made === 2) await server.kill();
      expect((await marketplace.deliver(order, marketplace.event(step))).isTaken).toBe(true);
    }
  };
  const lives = Promise.all(orders.map(live));
  await expect.poll(() => marketplace.failures).toBeGreaterThan(0);
  server.restart();
  await lives;
  const kept = new Map((await instances()).map((each) => [each.orderId, each]));
  for (const order of orders)
    expect(kept.get(order.orderId)).toMatchObject({
      ...{ id: order.instanceId, wanted: wantedOf(order) },
      ...(order.expireAt && { expireAt: order.expireAt.getTime() }),
    });
  expect(kept.size).toBe(orders.length);
  redis.disconnect();
});

it('the command passes against the program', async () => {
  const { url } = await startSingleRedis();
  const { slug } = makeOpenChannel();
  const variables = await makeChannelsFile({ slug, generation: 'license-online' });
  const own = { ...variables, REDIS_URL: url, HTTP_PORT: String(await freePort()), LOG_LEVEL: 'fatal' };
  const serving = startProgram({ environment: {} }, ['koogallery', 'serve'], own);
  await serving.says('/koogallery/', 'stdout');
  const words = [
    '--generation',
    'license-online',
    '--key-env',
    'KOO_KEY',
    '--previous-key-env',
    'KOO_PREVIOUS',
  ];
  const endpoint = `http://127.0.0.1:${own.HTTP_PORT}/koogallery/${slug}`;
  const asked = ['koogallery', 'probe', endpoint, ...words];
  for (const more of [[], ['--live', '--yes', '--shuffle', '5']]) {
    const { code, stdout, stderr } = await runCommand({ environment: {} }, [...asked, ...more], variables);
    expect(stdout).not.toMatch(/FAIL|WARN/);
    expect(stderr).toContain('PASSED');
    expect(code).toBe(0);
  }
});
