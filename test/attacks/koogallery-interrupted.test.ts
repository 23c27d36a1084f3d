/**
 * The probe, each call sent again three times, against receivers of all generations as a process: in order and out of it,
 * with each key, no worker at first, and Redis killed between the answer to a purchase and the work for it.
 */
import { expect, it } from 'vitest';
import { GENERATIONS } from '../../src/koogallery/protocol/intent.ts';
import { listInstances } from '../../src/koogallery/registry/list-instances.ts';
import { readTasks } from '../../src/koogallery/registry/read-instance.ts';
import { liveOrderCount, probeLive } from '../../src/sandbox/koogallery/live-probe.ts';
import { MESSAGES } from '../../src/sandbox/koogallery/messages.ts';
import { startGate } from '../support/koogallery/gate.ts';
import { faultsOf, SHUFFLES } from '../support/koogallery/listening.ts';
import { KEY, KIT_KEY, PREVIOUS_KEY } from '../support/koogallery/marketplace.ts';
import { openShop, type Stand } from '../support/koogallery/processes.ts';
import type { WebhookCall } from '../support/koogallery/webhook.ts';
import { startSingleRedis } from '../support/redis-servers.ts';

const REPEAT = 3;
const POLL = { interval: 100 };
const cases = SHUFFLES.flatMap((shuffle) => [KEY, PREVIOUS_KEY].map((key) => ({ shuffle, key })));

/**
 * Everything that was bought is released in the end, on the seller's side too, and was done once.
 * @param calls the webhook's, which may still grow: the marketplace's last answer does not wait for the seller's work
 */
async function expectDone({ access, generation }: Stand, calls: readonly WebhookCall[]): Promise<void> {
  const { instances } = await listInstances(access, { limit: 100 });
  const bought = instances.filter(({ kind }) => kind !== 'order');
  for (const { id } of bought) {
    await expect
      .poll(async () => new Set((await readTasks(access, id)).map(({ state }) => state)), POLL)
      .not.toContain('due');
    const done = (await readTasks(access, id)).filter(({ state }) => state === 'done');
    // Codes that were loaded before are given away without anybody being asked.
    const asked = done.filter(({ type }) => generation !== 'license-v1' || type !== 'license.issue');
    for (const { version } of asked)
      expect(calls.filter(({ key }) => key === `${id}:${version}`)).toHaveLength(1);
  }
  expect(new Set(bought.map(({ state }) => state))).toEqual(new Set(['released']));
}

it.each(cases)('passes, shuffled by $shuffle, with the key $key', async ({ shuffle, key }) => {
  const { url, server } = await startSingleRedis();
  const shop = await openShop({ redisUrl: url, generations: GENERATIONS });
  const { port } = await shop.serve();
  const probes = shop.stands.map(async (stand) => {
    const { generation } = stand;
    const creates = MESSAGES[generation].create === undefined ? 1 : REPEAT + 1;
    const gate = await startGate(stand.at(port), creates);
    const keys = { current: key, kit: KIT_KEY };
    const terms = { generation, keys, endpoint: gate.url, repeat: REPEAT, shuffle, timeScale: 1e-3 };
    return { gate, generation, lives: liveOrderCount(terms), report: probeLive(terms) };
  });
  const running = await Promise.all(probes);
  await Promise.all(running.map(({ gate }) => gate.reached));
  await server.kill();
  server.restart();
  await expect.poll(async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).status, POLL).toBe(200);
  await shop.work();
  for (const { gate } of running) gate.open();
  for (const { report, generation } of running) {
    const done = await report;
    expect(faultsOf(done), generation).toEqual([]);
    const probed = new Set(done.activities.map(({ activity }) => activity));
    for (const { activity } of Object.values(MESSAGES[generation])) expect(probed).toContain(activity);
  }
  for (const stand of shop.stands) await expectDone(stand, shop.webhook.calls);
});
