/** Two channels with something of everything, as they are after a while: for the API, the metrics and the console. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { beginTask } from '../../../src/koogallery/lifecycle/begin-task.ts';
import { type Ending, endTask } from '../../../src/koogallery/lifecycle/end-task.ts';
import { addLicenses } from '../../../src/koogallery/registry/add-licenses.ts';
import { noteCall } from '../../../src/koogallery/registry/note-call.ts';
import type { ChannelAccess } from '../../../src/koogallery/registry/scripts.ts';
import { concludeUsage } from '../../../src/koogallery/usage/conclude.ts';
import { recordUsage } from '../../../src/koogallery/usage/record.ts';
import { takeUsage } from '../../../src/koogallery/usage/take.ts';
import type { RedisClient } from '../../../src/redis/connect.ts';
import { makeUsage } from '../open-apis.ts';
import { uniqueName } from '../redis.ts';
import { creation, doChange, wish } from './registry.ts';

const HOLD_MS = 15_000;
const TURN = { token: 'test', holdMs: 60_000 };

export interface Shop {
  /** For a process that serves them. */
  environment: Record<string, string>;
  /** It sells by use; nobody works on it. */
  shop: ChannelAccess;
  /** It gives codes away. */
  codes: ChannelAccess;
}

/** Nothing is in them yet. */
export async function makeShop(redis: RedisClient): Promise<Shop> {
  const [shop, codes] = [`s${uniqueName()}`, `l${uniqueName()}`].map((slug) => ({
    redis,
    slug: slug.slice(0, 32),
  })) as [ChannelAccess, ChannelAccess];
  const folder = await mkdtemp(join(tmpdir(), 'onboard-shop-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'channels.json');
  const both = { site: 'intl', key: { env: 'KOO_KEY' }, frontEndUrl: 'https://app.example/i/{instanceId}' };
  const openApi = { accessKey: { env: 'KOO_AK' }, secretKey: { env: 'KOO_SK' }, host: 'http://127.0.0.1:9' };
  const webhook = { webhook: 'http://127.0.0.1:9/hook', secret: { env: 'KOO_HOOK' } };
  const channels = [
    {
      ...both,
      slug: shop.slug,
      generation: 'saas-v2',
      chargingModes: ['on-demand'],
      provision: webhook,
      openApi,
    },
    {
      ...both,
      slug: codes.slug,
      generation: 'license-v1',
      chargingModes: ['period'],
      provision: { none: true },
    },
  ];
  await writeFile(file, JSON.stringify(channels));
  const environment = { ONBOARD_KOOGALLERY: file, KOO_KEY: 'k', KOO_AK: 'a', KOO_SK: 's', KOO_HOOK: 'h' };
  return { environment, shop, codes };
}

/** Ends the next attempt at a task of an instance. */
export async function endNext(access: ChannelAccess, id: string, ending: Ending): Promise<void> {
  const beginning = await beginTask(access, id, HOLD_MS);
  if (beginning.verdict !== 'begun') throw new Error(`${id}: ${beginning.verdict}`);
  await endTask(access, beginning.begun, ending);
}

export async function buy(access: ChannelAccess, id: string): Promise<void> {
  const set = {
    orderId: `order-${id}`,
    productId: 'OFFI1',
    buyer: JSON.stringify({ customerId: `u-${id}` }),
  };
  await doChange(access, creation(id, { orderKey: `${id} line`, set } as never), {
    call: { activity: 'newInstance', line: { orderId: set.orderId, businessId: `b-${id}`, ms: '7' } },
  });
}

/** Instances `i-active`, `i-frozen`, `i-failed` and `i-opening`, each in the state that it is called. */
export async function fillInstances(access: ChannelAccess): Promise<void> {
  const done: Ending = { outcome: 'done', isReady: true, set: {} };
  for (const id of ['i-active', 'i-frozen', 'i-failed', 'i-opening']) await buy(access, id);
  for (const id of ['i-active', 'i-frozen']) await endNext(access, id, done);
  const line = { instanceId: 'i-frozen' };
  await doChange(access, wish('freeze', 'i-frozen'), { call: { activity: 'expireInstance', line } });
  await endNext(access, 'i-frozen', { outcome: 'done', isReady: false, set: {} });
  await endNext(access, 'i-failed', { outcome: 'refused', reason: 'the plan is not sold any more' });
  await endNext(access, 'i-opening', {
    outcome: 'later',
    reason: 'HTTP 503',
    delayMs: 3_600_000,
    isAlive: false,
  });
  await doChange(access, wish('freeze', 'nobody'), { call: { activity: 'expireInstance' } });
  const stranger = { activity: 'unverified', isTest: false, isStranger: true, line: { reason: 'mismatch' } };
  await noteCall(access, stranger, { code: '000001', replayed: '000001' });
}

/** An instance `i-waiting` whose buyer has to tell more, as where purchases become customers of Chat App. */
export async function fillWaiting(access: ChannelAccess): Promise<void> {
  await buy(access, 'i-waiting');
  const set = {
    missing: JSON.stringify(['ContactMail', 'IsvTerms']),
    problems: JSON.stringify([{ field: 'CountryId', code: 'COUNTRY_INVALID' }]),
  };
  const meanwhile = { isAlive: true, isReady: true, awaits: 'buyer', set, drop: [] } as const;
  await endNext(access, 'i-waiting', { outcome: 'later', reason: 'data', delayMs: 3_600_000, ...meanwhile });
}

/** Its data are there, and it became a row. */
export async function fillRegistering(access: ChannelAccess): Promise<void> {
  await buy(access, 'i-row');
  const set = { customer: JSON.stringify({ account: 'default', batch: 'b1', row: 4 }) };
  const meanwhile = { isAlive: true, isReady: true, awaits: 'work', set, drop: ['missing'] } as const;
  await endNext(access, 'i-row', { outcome: 'later', reason: 'added', delayMs: 3_600_000, ...meanwhile });
}

/** Records `abnormal-1`, `received-1`, `lost-1`, `recorded-1` and so on, each of an hour of its own. @param each of every kind */
export async function fillUsage(access: ChannelAccess, each = 1): Promise<void> {
  const numbers = Array.from({ length: each }, (_, index) => index + 1);
  const kinds = ['abnormal', 'received', 'lost'] as const;
  let hoursAgo = 1;
  const give = async (kind: string) =>
    recordUsage(
      access,
      numbers.map((number) => ({
        ...makeUsage('i-active', ++hoursAgo, '1.5'),
        meteringSn: `${kind}-${number}`,
      })),
      { by: 'test' },
    );
  for (const kind of kinds) await give(kind);
  await takeUsage(access, TURN, kinds.length * each);
  const results = kinds.flatMap((as) =>
    numbers.map((number) => ({
      meteringSn: `${as}-${number}`,
      as,
      ...(as === 'abnormal' && { code: '013' }),
    })),
  );
  await concludeUsage(access, TURN, { results });
  await give('recorded');
}

export async function fillCodes(access: ChannelAccess): Promise<void> {
  await addLicenses(access, ['CODE-1', 'CODE-2', 'CODE-3']);
}
