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
import { makeUsageChannel } from '../support/usage-channel.ts';
import { createWorld } from '../support/world.ts';

const MINUTE_MS = 60_000;
const WITHIN = { timeout: 120_000, interval: 50 };

async function makeEnvironment(origin: string, receiver: ReceiverServer): Promise<Record<string, string>> {
  const folder = await mkdtemp(join(tmpdir(), 'onboard-alerts-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const alerts = join(folder, 'alerts.json');
  await writeFile(alerts, JSON.stringify([{ type: 'webhook', url: `${receiver.origin}/` }]));
  return { ...(await makeUsageChannel('cn', origin)), ONBOARD_ALERTS: alerts };
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
    await receiver.gets('usage.deadline', WITHIN.timeout);
    const wanted = new Date(usage.end + 15 * MINUTE_MS).toISOString();
    expect(receiver.told().find(({ type }) => type === 'usage.deadline')).toMatchObject({
      facts: { channel: 'cn', records: 1, deadline: wanted, wantedBy: wanted },
    });
    await vi.waitUntil(() => apis.calls.length > 0, WITHIN);
    const list = () => runProgram(world, ['koogallery', 'usage', 'list', 'cn']);
    // What the answer means is noted a moment after the call has come.
    await expect
      .poll(async () => (await list()).stderr, WITHIN)
      .toMatch(/^recorded 1, .*\nNothing can be sent since .*: MKT\.0151/m);
    expect((await list()).stdout).toMatch(/ {2}recorded {2}i-1 {2}/);
    await worker.stop();

    apis.faults.replace([]);
    await startWorkerProgram(world);
    const access = { redis: world.redis, slug: 'cn' };
    await vi.waitUntil(async () => (await countUsage(access)).received === 1, WITHIN);
    expect(apis.usage.sums()).toEqual(new Map([['i-1', '0.5000']]));
  },
);
