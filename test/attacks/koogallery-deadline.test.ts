/** Usage that the marketplace does not take: people hear of it before its time is over, from a worker that runs. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, it, onTestFinished, vi } from 'vitest';
import { countUsage } from '../../src/koogallery/usage/read-usage.ts';
import { formatUsageTime } from '../../src/koogallery/usage/windows.ts';
import { COMPILER, startRedisWithClock } from '../support/clock.ts';
import { makeUsage, openApisForTest } from '../support/open-apis.ts';
import { runProgram, startWorkerProgram } from '../support/programs.ts';
import { type ReceiverServer, startReceiver } from '../support/receiver.ts';
import { SELLER } from '../support/seller.ts';
import { createWorld } from '../support/world.ts';

const MINUTE_MS = 60_000;

async function makeEnvironment(origin: string, receiver: ReceiverServer): Promise<Record<string, string>> {
  const folder = await mkdtemp(join(tmpdir(), 'onboard-usage-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const place = (name: string) => join(folder, name);
  const channel = {
    slug: 'cn',
    generation: 'saas-v2',
    site: 'cn',
    key: { env: 'KOO_KEY' },
    chargingModes: ['on-demand'],
    frontEndUrl: 'https://app.example.com/{instanceId}',
    provision: { none: true },
    openApi: { accessKey: { env: 'KOO_AK' }, secretKey: { env: 'KOO_SK' }, host: origin },
  };
  await writeFile(place('koogallery.json'), JSON.stringify([channel]));
  await writeFile(place('alerts.json'), JSON.stringify([{ type: 'webhook', url: `${receiver.origin}/` }]));
  return {
    ONBOARD_KOOGALLERY: place('koogallery.json'),
    ONBOARD_ALERTS: place('alerts.json'),
    KOO_KEY: SELLER.key,
    KOO_AK: SELLER.accessKey,
    KOO_SK: SELLER.secretKey,
  };
}

it.skipIf(!inject('hasRedisServer') || COMPILER === undefined)(
  'a deadline that would be missed is told of before, and the usage arrives once it can',
  async () => {
    const { url, setClock } = await startRedisWithClock();
    const receiver = await startReceiver();
    const apis = await openApisForTest({ faults: [{ kind: 'error', code: 'MKT.0151', status: 401 }] });
    const environment = await makeEnvironment(apis.origin, receiver);
    const world = await createWorld({ redisUrl: url, environment });
    const usage = makeUsage('i-1', 1, '0.5');
    const file = join(world.folder, 'usage.csv');
    const row = ['i-1', formatUsageTime(usage.begin), formatUsageTime(usage.end), usage.value];
    await writeFile(file, `instance_id,begin_time,end_time,usage_value\n${row.join(',')}\n`);
    const refused = await runProgram(world, ['koogallery', 'usage', 'add', 'cn', file]);
    expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining('record 1: INSTANCE_UNKNOWN') });
    const words = ['koogallery', 'usage', 'add', 'cn', file, '--unknown-instances'];
    expect((await runProgram(world, words)).stderr).toContain('Recorded 1 usage record;');

    // Eleven minutes after the hour, whatever the time is here.
    await setClock(Math.round((usage.end + 11 * MINUTE_MS - Date.now()) / 1_000));
    const worker = await startWorkerProgram(world);
    await receiver.gets('usage.deadline');
    const wanted = new Date(usage.end + 15 * MINUTE_MS).toISOString();
    expect(receiver.told().find(({ type }) => type === 'usage.deadline')).toMatchObject({
      facts: { channel: 'cn', records: 1, deadline: wanted, wantedBy: wanted },
    });
    await vi.waitUntil(() => apis.calls.length > 0, { timeout: 20_000, interval: 50 });
    const listed = await runProgram(world, ['koogallery', 'usage', 'list', 'cn']);
    expect(listed.stderr).toMatch(/^recorded 1, .*\nNothing can be sent since .*: MKT\.0151/m);
    expect(listed.stdout).toMatch(/ {2}recorded {2}i-1 {2}/);
    await worker.stop();

    apis.faults.replace([]);
    await startWorkerProgram(world);
    const access = { redis: world.redis, slug: 'cn' };
    await vi.waitUntil(async () => (await countUsage(access)).received === 1, {
      timeout: 20_000,
      interval: 50,
    });
    expect(apis.usage.sums()).toEqual(new Map([['i-1', '0.5000']]));
  },
);
