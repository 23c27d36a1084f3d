import { expect, it } from 'vitest';
import type { ChannelAccess } from '../../../src/koogallery/registry/scripts.ts';
import { addUsage } from '../../../src/koogallery/usage/add-usage.ts';
import { concludeUsage } from '../../../src/koogallery/usage/conclude.ts';
import { decideUsage, type UsageVerb } from '../../../src/koogallery/usage/decide.ts';
import { pruneUsage } from '../../../src/koogallery/usage/prune.ts';
import {
  countUsage,
  listUsage,
  readSlots,
  readUsageTotals,
} from '../../../src/koogallery/usage/read-usage.ts';
import { recordUsage } from '../../../src/koogallery/usage/record.ts';
import { takeUsage } from '../../../src/koogallery/usage/take.ts';
import { makeUsage } from '../../support/open-apis.ts';
import { connectTestRedis, uniqueName } from '../../support/redis.ts';

const TURN = { token: 'me', holdMs: 60_000 };
const BY = { by: 'test' };

function makeAccess(): ChannelAccess {
  return { redis: connectTestRedis(), slug: uniqueName() };
}

const numbered = (sn: string, instance: string, hoursAgo: number, value = '1') => ({
  ...makeUsage(instance, hoursAgo, value),
  meteringSn: sn,
});

const present = async (access: ChannelAccess) =>
  Object.fromEntries(Object.entries(await countUsage(access)).filter(([, count]) => count > 0));

it('records once, by number and by span', async () => {
  const access = makeAccess();
  const first = numbered('a', 'i', 1, '1.5');
  expect(await recordUsage(access, [first], BY)).toEqual([{ verdict: 'recorded', id: 'a' }]);
  const again = [
    first,
    { ...first, ...makeUsage('i', 1, '2'), meteringSn: 'a' },
    numbered('b', 'i', 1, '1.5'),
    { ...first, meteringSn: undefined },
    { ...makeUsage('i', 1, '2') },
    numbered('c', 'i', 2),
  ];
  const verdicts = await recordUsage(access, again, { ...BY, isTrial: true });
  expect(verdicts.map(({ verdict }) => verdict)).toEqual([
    'repeated',
    'snTaken',
    'spanTaken',
    'repeated',
    'spanTaken',
    'recorded',
  ]);
  expect(verdicts[3]?.id).toBe('a');
  expect(await present(access)).toEqual({ recorded: 1 });
});

it('adds up what each instance has used, and each package through which', async () => {
  const access = makeAccess();
  const sms = { ...makeUsage('sms', 1, '12345678.0001'), relatedPackage: 'p' };
  await recordUsage(access, [sms, makeUsage('sms', 2, '0.9999')], BY);
  await recordUsage(access, [{ ...makeUsage('mms', 3, '7'), relatedPackage: 'p' }], BY);
  expect(await readUsageTotals(access, 'sms')).toEqual([{ value: '12345679', until: sms.end }]);
  expect(await readUsageTotals(access, 'p')).toEqual([
    { relatedInstanceId: 'mms', value: '7', until: expect.any(Number) },
    { relatedInstanceId: 'sms', value: '12345678.0001', until: sms.end },
  ]);
  expect(await readUsageTotals(access, 'none')).toEqual([]);
});

it('one process sends at a time; what the one before left in a call is sent again under its number', async () => {
  const access = makeAccess();
  await recordUsage(access, [numbered('a', 'i', 1), numbered('b', 'i', 2)], BY);
  const taken = await takeUsage(access, TURN, 1);
  expect(taken).toMatchObject([{ meteringSn: 'b', state: 'sending', attempts: 1 }]);
  expect(await takeUsage(access, { ...TURN, token: 'other' }, 9)).toBeUndefined();
  const again = await takeUsage(access, TURN, 9);
  expect(again).toMatchObject([
    { meteringSn: 'b', attempts: 2, lost: 1 },
    { meteringSn: 'a', attempts: 1, lost: 0 },
  ]);
  const back = ['a', 'b'].map((meteringSn) => ({ meteringSn, as: 'back' as const }));
  await concludeUsage(access, TURN, { results: back });
  expect(await present(access)).toEqual({ recorded: 1, sent: 1 });
});

it('does not take what is not over yet', async () => {
  const access = makeAccess();
  const end = Math.floor(Date.now() / 1_000) * 1_000;
  const running = { ...makeUsage('i', 1), begin: end - 60_000, end };
  await recordUsage(access, [running], BY);
  const isOnTheHour = end % 3_600_000 === 0;
  expect(await takeUsage(access, TURN, 9)).toHaveLength(isOnTheHour ? 1 : 0);
});

it('a fact counts when it is learned late, and what is only about a call does not', async () => {
  const access = makeAccess();
  await recordUsage(access, [numbered('a', 'i', 1)], BY);
  await takeUsage(access, TURN, 9);
  const tell = (as: 'received' | 'abnormal' | 'lost' | 'back', code?: string) =>
    concludeUsage(access, TURN, { results: [{ meteringSn: 'a', as, code }] }).then(({ moved }) => moved);
  expect(await tell('received')).toBe(1);
  expect(await readSlots(access)).toEqual([]);
  expect([await tell('lost'), await tell('back'), await tell('received')]).toEqual([0, 0, 0]);
  expect(await tell('abnormal', '012')).toBe(1);
  expect(await listUsage(access, { state: 'abnormal', limit: 9 })).toMatchObject([{ id: 'a', code: '012' }]);
  expect(await tell('received')).toBe(0);
});

it('a person has it reported again under another number, of which alone is heard from then on', async () => {
  const access = makeAccess();
  await recordUsage(access, [numbered('a', 'i', 1, '5')], BY);
  await takeUsage(access, TURN, 9);
  await concludeUsage(access, TURN, { results: [{ meteringSn: 'a', as: 'abnormal', code: '013' }] });
  const again = await decideUsage(access, { id: 'a', as: 'retry', ...BY });
  expect(again).toMatchObject({ id: 'a', state: 'recorded', formerSns: ['a'], lost: 0 });
  expect(again.meteringSn).not.toBe('a');
  const former = [{ meteringSn: 'a', as: 'received' as const }];
  expect(await concludeUsage(access, TURN, { results: former })).toMatchObject({ moved: 0 });
  await takeUsage(access, TURN, 9);
  const received = [{ meteringSn: again.meteringSn, as: 'received' as const }];
  expect(await concludeUsage(access, TURN, { results: received })).toMatchObject({ moved: 1, received: 1 });
  expect(await readUsageTotals(access, 'i')).toMatchObject([{ value: '5' }]);
});

it('what a person gives up is no usage, and its span is free', async () => {
  const access = makeAccess();
  const usage = numbered('a', 'i', 1, '5');
  await recordUsage(access, [usage], BY);
  const lost = await decideUsage(access, { id: 'a', as: 'lost', by: 'eve', reason: 'wrong value' });
  expect(lost).toMatchObject({ state: 'settled', decision: 'lost', decidedBy: 'eve', reason: 'wrong value' });
  expect(await readUsageTotals(access, 'i')).toMatchObject([{ value: '0' }]);
  expect(await recordUsage(access, [numbered('b', 'i', 1, '4')], BY)).toMatchObject([
    { verdict: 'recorded' },
  ]);
});

it.each<[UsageVerb, string]>([
  ['billed', 'recorded'],
  ['abnormal', 'recorded'],
  ['retry', 'recorded'],
  ['lost', 'sending'],
])('refuses %s of what is %s', async (as, state) => {
  const access = makeAccess();
  await recordUsage(access, [numbered('a', 'i', 1)], BY);
  if (state === 'sending') await takeUsage(access, TURN, 9);
  await expect(decideUsage(access, { id: 'a', as, ...BY })).rejects.toMatchObject({ code: 'USAGE_STATE' });
  await expect(decideUsage(access, { id: 'x', as, ...BY })).rejects.toMatchObject({ code: 'USAGE_UNKNOWN' });
});

it('forgets what is over, and keeps what it adds up to', async () => {
  const access = makeAccess();
  await recordUsage(access, [numbered('a', 'i', 1), numbered('b', 'i', 2)], BY);
  await takeUsage(access, TURN, 1);
  await concludeUsage(access, TURN, { results: [{ meteringSn: 'b', as: 'received' }] });
  expect(await pruneUsage(access, Date.now() - 60_000)).toBe(0);
  expect(await pruneUsage(access, Date.now() + 60_000)).toBe(1);
  expect(await present(access)).toEqual({ recorded: 1 });
  expect(await readUsageTotals(access, 'i')).toMatchObject([{ value: '2' }]);
});

it('takes all or nothing, and says everything that is wrong', async () => {
  const access = makeAccess();
  const adding = {
    access,
    site: 'cn',
    interface: 'new',
    now: Date.now(),
    factsOf: async () => new Map(),
  } as const;
  const given = (instanceId: string, value = '1') => ({
    instanceId,
    value,
    beginTime: new Date(makeUsage('i', 3).begin).toISOString(),
    endTime: new Date(makeUsage('i', 3).end).toISOString(),
  });
  const found: object[] = [];
  const order = { ...BY, onInvalid: (problems: readonly object[]) => void found.push(...problems) };
  const bad = addUsage(adding, { ...order, records: [given('a'), given('b', '0')], mayBeUnknown: true });
  await expect(bad).rejects.toMatchObject({ code: 'INPUT_USAGE_INVALID' });
  expect(found).toMatchObject([{ row: 2, code: 'VALUE_ZERO' }]);
  expect(await present(access)).toEqual({});
  const records = [given('a'), given('b')];
  const added = await addUsage(adding, { ...order, records, mayBeUnknown: true });
  expect(added).toMatchObject({ recorded: 2, repeated: 0, late: 2 });
  const again = await addUsage(adding, { ...order, records, mayBeUnknown: true });
  expect(again).toEqual({ recorded: 0, repeated: 2, late: 0, ids: added.ids });
  const twice = addUsage(adding, {
    ...order,
    records: [given('c'), given('c'), given('a', '2')],
    mayBeUnknown: true,
  });
  await expect(twice).rejects.toThrow('2 usage records of 3 cannot be taken.');
});
