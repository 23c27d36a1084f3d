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
  { kind: 'html', status: 502 },
  { kind: 'html', status: 200 },
  { kind: 'endless' },
  { kind: 'hang' },
  { kind: 'dropBefore' },
  { kind: 'dropAfter' },
] satisfies OpenFaultInput[];

const RECORD_CODES = ['001', '002', '003', '004', '006', '007', '009', '011', '012', '013'];
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
  apis.faults.replace(FAULTS.map((fault) => ({ ...fault, share: 0.05, times: 3 })));
  for (const [index, record] of RECORD_CODES.entries())
    apis.usage.instances.set(instanceOf(index), { record });
  for (const [index, call] of CALL_CODES.entries())
    apis.usage.instances.set(instanceOf(100 + index), { call });
  for (const [index, late] of RECORD_CODES.entries())
    apis.usage.instances.set(instanceOf(200 + index), { late });
}

const within = { timeout: 50_000, interval: 50 };

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

it('bills what was given, to the last digit', async () => {
  const { url, server } = await startSingleRedis();
  const apis = await openApisForTest();
  misbehave(apis);
  const redis = await openRedis({ url }, { waitsForever: true });
  redis.on('error', () => undefined);
  onTestFinished(() => redis.disconnect());
  const access = { redis, slug: SLUG };
  const input = makeInput();
  let pushers = [await startPusher(url, apis.origin), await startPusher(url, apis.origin)];

  const chunks = input.length / RECORDED_AT_ONCE;
  for (let chunk = 0; chunk < chunks; chunk += 1) {
    const records = input.slice(chunk * RECORDED_AT_ONCE, (chunk + 1) * RECORDED_AT_ONCE);
    await recordUsage(access, records, BY);
    // Whoever does not know whether they were taken gives them again.
    const again = await recordUsage(access, records, BY);
    expect(again.every(({ verdict }) => verdict === 'repeated')).toBe(true);
    const calls = apis.calls.length;
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
  await allSent(access);
  // What it finds later is in the answer to another report.
  apis.usage.lookAtReceived();
  const bell = { ...makeUsage('bell', 1), meteringSn: 'bell' };
  await recordUsage(access, [bell], BY);
  await allSent(access);

  const abnormal = await allAbnormal(access);
  const all = [...input, bell];
  const codes = new Set(abnormal.map(({ code }) => code));
  for (const code of RECORD_CODES) expect(codes).toContain(code);
  expect(apis.usage.repetitions).toBeGreaterThan(0);
  const answered = new Set(apis.calls.map(({ answer }) => answer));
  for (const kind of ['error', 'html', 'hang', 'dropBefore', 'dropAfter', 'endless', 'MKT.0000'])
    expect(answered).toContain(kind);

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
  expect({ ...Object.fromEntries(totals), bell: '1' }).toEqual(sumsOf(all));
});
