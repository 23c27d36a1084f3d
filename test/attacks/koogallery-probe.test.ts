/** The simulated marketplace against our receiver, and against a seller that shares no line with either of them. */
import { describe, expect, it } from 'vitest';
import type { OpenChannel } from '../../src/koogallery/channels.ts';
import { GENERATIONS, type Generation } from '../../src/koogallery/protocol/intent.ts';
import { addLicenses } from '../../src/koogallery/registry/add-licenses.ts';
import { listInstances } from '../../src/koogallery/registry/list-instances.ts';
import { connectRedis, type RedisClient } from '../../src/redis/connect.ts';
import type { BelievedOrder } from '../../src/sandbox/koogallery/belief.ts';
import { probeLive } from '../../src/sandbox/koogallery/live-probe.ts';
import { SimulatedMarketplace } from '../../src/sandbox/koogallery/marketplace.ts';
import { MESSAGES, stepsOf } from '../../src/sandbox/koogallery/messages.ts';
import { probe } from '../../src/sandbox/koogallery/probe.ts';
import type { ProbeReport } from '../../src/sandbox/koogallery/report.ts';
import { freePort } from '../../src/sandbox/local-redis.ts';
import { runCommand } from '../support/command.ts';
import { makeChannelsFile } from '../support/koogallery/channels-file.ts';
import {
  KEY,
  KIT_KEY,
  makeOpenChannel,
  openMarketplace,
  PREVIOUS_KEY,
} from '../support/koogallery/marketplace.ts';
import { SELLER_KEYS, startReferenceSeller } from '../support/koogallery/reference-seller.ts';
import { startProgram } from '../support/programs.ts';
import { startSingleRedis } from '../support/redis-servers.ts';

const KEYS = { current: KEY, previous: PREVIOUS_KEY, kit: KIT_KEY };
const REPEAT = 3;
const SHUFFLES = [undefined, 11] as const;

async function listen(generation: Generation, changes: Partial<OpenChannel> = {}, redis?: RedisClient) {
  const channel = { generation, provision: { kind: 'none' }, ...changes } as const;
  const { app, access } = await openMarketplace({ channel, ...(redis && { redis }) });
  const address = await app.listen({ port: 0, host: '127.0.0.1' });
  if (generation === 'license-v1')
    await addLicenses(
      access,
      Array.from({ length: 20 }, (_, n) => `L-${n}`),
    );
  const endpoint = new URL(`${address}/koogallery/${access.slug}`);
  const instances = async () => (await listInstances(access, { limit: 100 })).instances;
  return { access, terms: { endpoint, generation, keys: KEYS, repeat: REPEAT, timeScale: 1e-4 }, instances };
}

/** Everything that is not as expected, in words. */
const faultsOf = ({ activities }: ProbeReport): string[] =>
  activities.flatMap(({ activity, checks }) =>
    checks
      .filter(({ result }) => result !== 'pass')
      .map(({ check, result, came }) => `${activity} ${check} ${result}: ${came.join(' | ')}`),
  );

/** What our registry calls the states of the marketplace. */
const wantedOf = ({ state }: BelievedOrder): string =>
  state === 'opening' || state === 'ordered' ? 'active' : state;

describe.each(GENERATIONS)('%s', (generation) => {
  it('a seller that is right passes every debug check', async () => {
    const { url } = await startReferenceSeller(generation);
    const report = await probe({ endpoint: url, generation, keys: SELLER_KEYS, repeat: 1, shuffle: 7 });
    expect(faultsOf(report)).toEqual([]);
  });

  it.each(SHUFFLES)(
    'our receiver passes every debug check, shuffled by %s, and no instance comes of it',
    async (shuffle) => {
      const { terms, instances } = await listen(generation);
      const report = await probe({ ...terms, shuffle });
      expect(faultsOf(report)).toEqual([]);
      const probed = new Set(report.activities.map(({ activity }) => activity));
      for (const message of Object.values(MESSAGES[generation])) expect(probed).toContain(message.activity);
      expect(await instances()).toEqual([]);
    },
  );

  it.each(SHUFFLES)('our receiver passes whole lives, shuffled by %s', async (shuffle) => {
    const { terms, instances } = await listen(generation);
    const report = await probeLive({ ...terms, shuffle });
    expect(faultsOf(report)).toEqual([]);
    const kept = (await instances()).filter(({ kind }) => kind !== 'order');
    expect(kept.map(({ id }) => id).sort()).toEqual(report.orders.map(({ instanceId }) => instanceId).sort());
    expect(new Set(kept.map(({ wanted }) => wanted))).toEqual(new Set(['released']));
  });

  it('our receiver passes with the previous key as the only one, and while nobody works', async () => {
    const { terms } = await listen(generation, {
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
  const { terms, instances } = await listen('saas-v2', {}, redis);
  const marketplace = new SimulatedMarketplace(terms);
  const orders = Array.from({ length: 6 }, () => marketplace.placeOrder());
  const live = async (order: BelievedOrder, index: number) => {
    await marketplace.deliver(order, marketplace.event('create'));
    const steps = stepsOf('saas-v2').filter((step) => /^(refresh|freeze|unfreeze|upgrade)$/.test(step));
    // Each stops at another step, so that they end in different states.
    for (const step of [...steps, ...steps, 'release' as const].slice(0, 4 + index))
      expect((await marketplace.deliver(order, marketplace.event(step))).isTaken).toBe(true);
  };
  const lives = Promise.all(orders.map(live));
  await expect.poll(() => marketplace.calls).toBeGreaterThan(12);
  await server.kill();
  await expect.poll(() => marketplace.failures, { timeout: 20_000 }).toBeGreaterThan(0);
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
