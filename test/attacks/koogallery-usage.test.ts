/**
 * Ten thousand records of usage go to a marketplace that answers with everything it can answer, through processes that are
 * killed and a Redis that is killed too: what it bills in the end is the input, to the last digit.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { ChannelAccess } from '../../src/koogallery/registry/scripts.ts';
import { decideUsage } from '../../src/koogallery/usage/decide.ts';
import { decimalOf, unitsOf } from '../../src/koogallery/usage/decimal.ts';
import { countUsage, listUsage, readUsageTotals } from '../../src/koogallery/usage/read-usage.ts';
import { RECORDED_AT_ONCE, recordUsage } from '../../src/koogallery/usage/record.ts';
import type { CheckedUsage } from '../../src/koogallery/usage/rules.ts';
import { formatUsageTime } from '../../src/koogallery/usage/windows.ts';
import { openRedis } from '../../src/redis/open.ts';
import type { OpenFaultInput } from '../../src/sandbox/koogallery/open-faults.ts';
import type { StartedOpenApis } from '../../src/sandbox/koogallery/open-server.ts';
import { makeUsage, openApisForTest } from '../support/open-apis.ts';
import { startSingleRedis } from '../support/redis-servers.ts';

const PUSHER = fileURLToPath(new URL('../support/usage-pusher.ts', import.meta.url));
const INSTANCES = 250;
const HOURS = 40;
const SLUG = 'attacked';
const BY = { by: 'test' };

const error = (code: string, status: number): OpenFaultInput => ({ kind: 'error', code, status });
const FAULTS = [
  ...['MKT.0999', 'MKT.0100', 'MKT.9001', 'MKT.9002', 'MKT.9003', 'MKT.9004'].map((code) => error(code, 500)),
  ...['MKT.0101', 'MKT.0102', 'MKT.0199'].map((code) => error(code, 400)),
  ...['MKT.0150', 'MKT.0151', 'MKT.0154', 'APIGW.0301', 'APIGW.0303'].map((code) => error(code, 401)),
  error('CBC.0250', 406),
  { kind: 'dropAfter' },
  { kind: 'html', status: 502 },
  { kind: 'html', status: 200 },
  { kind: 'endless' },
  { kind: 'hang' },
  { kind: 'dropBefore' },
] satisfies OpenFaultInput[];

/** 005 and 010 come of what was reported before; 008 is in no list. */
const RECORD_CODES = ['001', '002', '003', '004', '006', '007', '008', '009', '011', '012', '013'];
const CALL_CODES = ['MKT.9001', 'MKT.9002', 'MKT.9004', 'MKT.0150', 'MKT.0101'];

const instanceOf = (number: number) => `instance-${number}`;

function makeInput(): CheckedUsage[] {
  const records: CheckedUsage[] = [];
  for (let hour = 1; hour <= HOURS; hour += 1)
    for (let number = 0; number < INSTANCES; number += 1) {
      const value = `${(number * 7 + hour) % 1_000}.${String((number * hour) % 10_000).padStart(4, '0')}`;
      const usage = makeUsage(instanceOf(number), hour, value === '0.0000' ? '0.0001' : value);
      // Some programs number their records, and some leave it to us.
      records.push(number % 10 === 0 ? usage : { ...usage, meteringSn: `sn-${number}-${hour}` });
    }
  return records;
}

function sumsOf(records: readonly Pick<CheckedUsage, 'instanceId' | 'value'>[]): Record<string, string> {
  const sums = new Map<string, bigint>();
  for (const { instanceId, value } of records)
    sums.set(instanceId, (sums.get(instanceId) ?? 0n) + (unitsOf(value) ?? 0n));
  return Object.fromEntries([...sums].map(([instance, units]) => [instance, decimalOf(units)]));
}

const billedBy = ({ usage }: StartedOpenApis) => {
  const billed = [...usage.sums()].map(([instance, value]) => [instance, decimalOf(unitsOf(value) ?? 0n)]);
  return Object.fromEntries(billed) as Record<string, string>;
};

async function startPusher(url: string, origin: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', PUSHER, url, SLUG, origin], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout ?? child, 'data');
  return child;
}

function misbehave(apis: StartedOpenApis): void {
  // Each once for certain, and then whenever it happens.
  const certain = FAULTS.map((fault) => ({ ...fault, times: 1 }));
  apis.faults.replace([...certain, ...FAULTS.map((fault) => ({ ...fault, share: 0.05, times: 2 }))]);
  for (const [index, record] of RECORD_CODES.entries())
    apis.usage.instances.set(instanceOf(index), { record });
  for (const [index, late] of RECORD_CODES.entries())
    apis.usage.instances.set(instanceOf(200 + index), { late });
}

/** Calls that are refused as a whole are made again in halves: how many that takes is left to chance here, and to the disk. */
const within = { timeout: 240_000, interval: 50 };

async function allSent(access: ChannelAccess): Promise<void> {
  await vi.waitUntil(async () => {
    const { recorded, sending, sent } = await countUsage(access);
    return recorded + sending + sent === 0;
  }, within);
}

async function allAbnormal(access: ChannelAccess) {
  const { abnormal } = await countUsage(access);
  return listUsage(access, { state: 'abnormal', limit: abnormal });
}

/** Gives all records, each chunk twice, while processes are killed, and Redis. */
async function feed(
  input: readonly CheckedUsage[],
  { access, apis, url, server }: { access: ChannelAccess; apis: StartedOpenApis } & Started,
): Promise<void> {
  let pushers = [await startPusher(url, apis.origin), await startPusher(url, apis.origin)];
  for (let chunk = 0; chunk * RECORDED_AT_ONCE < input.length; chunk += 1) {
    if (chunk === 20)
      for (const [index, call] of CALL_CODES.entries())
        apis.usage.instances.set(instanceOf(100 + index), { call });
    const records = input.slice(chunk * RECORDED_AT_ONCE, (chunk + 1) * RECORDED_AT_ONCE);
    // Before they are given: all of them may be reported while they are given again.
    const calls = apis.calls.length;
    await recordUsage(access, records, BY);
    // Whoever does not know whether they were taken gives them again.
    const again = await recordUsage(access, records, BY);
    expect(again.every(({ verdict }) => verdict === 'repeated')).toBe(true);
    await vi.waitUntil(() => apis.calls.length > calls, within);
    if (chunk % 20 === 4) {
      for (const pusher of pushers) pusher.kill('SIGKILL');
      pushers = [await startPusher(url, apis.origin)];
    }
    if (chunk % 20 === 8) {
      await server.kill();
      server.restart();
    }
  }
}

/** By another program of the seller. */
function reportElsewhere({ usage }: StartedOpenApis, records: readonly CheckedUsage[]): void {
  const usage_records = records.map((each) => ({
    ...{ instance_id: each.instanceId, metering_sn: each.meteringSn, usage_value: each.value },
    ...{ begin_time: formatUsageTime(each.begin), end_time: formatUsageTime(each.end) },
    record_time: formatUsageTime(each.recordTime),
  }));
  const { body } = usage.take(JSON.stringify({ usage_records }), 'new', Date.now());
  expect(body).toMatchObject({ error_code: 'MKT.0000' });
}

async function openAttacked(url: string): Promise<ChannelAccess> {
  const redis = await openRedis({ url }, { waitsForever: true });
  redis.on('error', () => undefined);
  onTestFinished(() => redis.disconnect());
  return { redis, slug: SLUG };
}

type Started = Awaited<ReturnType<typeof startSingleRedis>>;

it('bills what was given, to the last digit', async () => {
  const { url, server } = await startSingleRedis();
  const apis = await openApisForTest();
  misbehave(apis);
  const access = await openAttacked(url);
  const input = makeInput();
  await feed(input, { access, apis, url, server });
  await allSent(access);
  const answered = new Set(apis.calls.map(({ answer }) => answer));
  for (const fault of [...FAULTS, { kind: 'MKT.0000' }])
    expect(answered).toContain('code' in fault ? fault.code : fault.kind);
  // All answers to a call are lost, which was carried out.
  apis.faults.replace([{ kind: 'dropAfter', times: 3 }]);
  const lost = { ...makeUsage('lost', 1), meteringSn: 'lost' };
  await recordUsage(access, [lost], BY);
  await allSent(access);
  expect(apis.usage.repetitions).toBeGreaterThan(2);
  expect((await countUsage(access)).abnormal).toBeGreaterThan(0);
  // What it finds later is in the answer to another report.
  apis.usage.lookAtReceived();
  const bell = { ...makeUsage('bell', 1), meteringSn: 'bell' };
  await recordUsage(access, [bell], BY);
  await allSent(access);

  const abnormal = await allAbnormal(access);
  const all = [...input, lost, bell];
  const codes = new Set(abnormal.map(({ code }) => code));
  for (const code of RECORD_CODES) expect(codes).toContain(code);

  // People correct what was wrong, and have the abnormal ones reported again.
  apis.usage.instances.clear();
  for (const { id } of abnormal) await decideUsage(access, { id, as: 'retry', ...BY });
  await vi.waitUntil(async () => {
    for (const { id } of await allAbnormal(access)) await decideUsage(access, { id, as: 'retry', ...BY });
    const { received } = await countUsage(access);
    return received === all.length;
  }, within);

  expect(billedBy(apis)).toEqual(sumsOf(all));
  expect(apis.usage.size).toBe(all.length);
  const totals = await Promise.all(
    Array.from({ length: INSTANCES }, async (_, number) => {
      const [total] = await readUsageTotals(access, instanceOf(number));
      return [instanceOf(number), total?.value];
    }),
  );
  expect({ ...Object.fromEntries(totals), lost: '1', bell: '1' }).toEqual(sumsOf(all));
});

it('leaves to people what another program has reported under a number, or for a span, of ours', async () => {
  const { url } = await startSingleRedis();
  const [access, apis] = [await openAttacked(url), await openApisForTest()];
  const [number, span] = [makeUsage('number', 1, '2.5'), makeUsage('span', 1, '7')];
  const ofTwo = { meteringSn: 'of-two' };
  reportElsewhere(apis, [
    { ...makeUsage('number', 2, '1'), ...ofTwo },
    { ...span, value: '3', meteringSn: 'of-the-other' },
  ]);
  await recordUsage(access, [{ ...number, ...ofTwo }, span], BY);
  await startPusher(url, apis.origin);
  await allSent(access);
  const abnormal = await allAbnormal(access);
  const ofCode = (code: string) => abnormal.find((each) => each.code === code)?.id ?? '';
  expect(abnormal.map(({ code }) => code).sort()).toEqual(['005', '010']);
  await decideUsage(access, { id: ofCode('010'), as: 'lost', reason: 'counted elsewhere', ...BY });
  await decideUsage(access, { id: ofCode('005'), as: 'retry', ...BY });
  await allSent(access);
  expect(await countUsage(access)).toMatchObject({ received: 1, abnormal: 0, settled: 1 });
  expect(billedBy(apis)).toEqual({ number: '3.5', span: '3' });
  const totalOf = async (name: string) => (await readUsageTotals(access, name))[0]?.value ?? '0';
  expect([await totalOf('number'), await totalOf('span')]).toEqual(['2.5', '0']);
});
