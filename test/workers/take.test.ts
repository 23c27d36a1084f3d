/** A slot is taken and a row marked in one step, or neither. */
import { expect, it } from 'vitest';
import { AppError } from '../../src/errors.ts';
import { Outage } from '../../src/pace/outage.ts';
import { createPacer } from '../../src/pace/pacer.ts';
import { createPause } from '../../src/pace/pause.ts';
import type { SlotQuestion } from '../../src/pace/slot-script.ts';
import { accountKeys } from '../../src/redis/keys.ts';
import { readRunId } from '../../src/redis/server-facts.ts';
import { redisTime } from '../../src/redis/time.ts';
import { take, takeScript } from '../../workers/take.ts';
import { makeLedger, makeRow } from '../support/ledger.ts';
import { seedPace } from '../support/pace.ts';
import { connectTestRedis } from '../support/redis.ts';

/** Two seconds and the guard: long enough for the next command to come before the next slot, on a loaded machine too. */
const [RATE, INTERVAL_MS] = [0.5, 2_004];
/** The next slot, and the one after it, are within the horizon. */
const FAR = { horizonMs: 5_000 };
const QUESTION: SlotQuestion = {
  step: 'submit',
  horizonMs: 20,
  reachMs: 5,
  missed: undefined,
  knownRunId: undefined,
};

/** Rows that are `uploaded`, and a pace whose next slot is due at once. */
async function setUp() {
  const redis = connectTestRedis();
  const { account, ledger, batch, move } = makeLedger();
  await batch('b', [makeRow(1), makeRow(2)]);
  for (const row of [1, 2]) for (const to of ['uploading', 'uploaded'] as const) await move('b', row, to);
  const { terms } = createPacer(redis, { account, rate: RATE, guardMs: 4, probeEveryMs: 60_000 });
  const pace = accountKeys(account).pace('submit');
  await seedPace(redis, 'submit', { account, rate: RATE, intervalMs: INTERVAL_MS });

  const knownRunId = await readRunId(redis, pace);

  async function takeFor(row: number, { token = `run-${row}`, question = {}, more = {} } = {}) {
    const patch = { token, code: null };
    const mark = { batchId: 'b', row, to: 'submitting' as const, patch, add: { attempts: 1 }, ...more };
    const asked = { ...QUESTION, knownRunId, ...question };
    return (await take(terms, asked, { name: `b ${row}`, mark })).answer;
  }
  async function expectUnmarked(row: number): Promise<void> {
    expect((await ledger.readRow('b', row))?.record).toMatchObject({ outcome: 'uploaded', attempts: 0 });
  }
  const lastOf = () => redis.hget(pace, 'last');
  return { account, redis, ledger, takeFor, expectUnmarked, lastOf, pace };
}

it('marks the row and reserves the slot, as soon as the caller can use it', async () => {
  const { takeFor, ledger, lastOf, redis, pace } = await setUp();
  const answer = await takeFor(1);
  if (!('due' in answer)) throw new Error(answer.verdict);
  expect(answer.due - answer.now).toBe(5_000);
  expect(await lastOf()).toBe(String(answer.due));
  expect((await ledger.readRow('b', 1))?.record).toMatchObject({
    outcome: 'submitting',
    token: 'run-1',
    attempts: 1,
  });
  expect(await ledger.requireBatch('b')).toMatchObject({ counts: { submitting: 1, uploaded: 1 } });
  expect(await redis.hget(pace, 'granted')).toBe('1');
});

it('marks nothing and says how long where the slot is not due within the horizon', async () => {
  const { takeFor, expectUnmarked, lastOf } = await setUp();
  const first = await takeFor(1);
  const last = await lastOf();
  const second = await takeFor(2);
  if (!('due' in first) || second.verdict !== 'wait') throw new Error(second.verdict);
  expect(second.wait).toBeGreaterThan(50_000);
  expect(second.wait).toBeLessThanOrEqual((INTERVAL_MS + 5) * 1_000);
  await expectUnmarked(2);
  expect(await lastOf()).toBe(last);
});

it('reserves a slot that is due within the horizon, one interval after the one before', async () => {
  const { takeFor } = await setUp();
  const first = await takeFor(1);
  const second = await takeFor(2, { question: FAR });
  if (!('due' in first && 'due' in second)) throw new Error(second.verdict);
  expect(second.due - first.due).toBe(INTERVAL_MS * 1_000);
});

it('takes no slot for a row that another run holds', async () => {
  const { takeFor, lastOf } = await setUp();
  await takeFor(1);
  const last = await lastOf();
  await expect(takeFor(1, { token: 'other', question: FAR })).rejects.toMatchObject({ verdict: 'moved' });
  expect(await lastOf()).toBe(last);
});

it('takes again under the token of the row, and counts the call once', async () => {
  const { takeFor, ledger, redis, pace } = await setUp();
  const first = await takeFor(1);
  if (!('due' in first)) throw new Error(first.verdict);
  const more = { fence: 'run-1', add: {} };
  const again = await takeFor(1, { more, question: { missed: first.due } });
  if (!('due' in again)) throw new Error(again.verdict);
  expect(again.due - first.due).toBeLessThan((INTERVAL_MS / 2) * 1_000);
  expect((await ledger.readRow('b', 1))?.record).toMatchObject({ outcome: 'submitting', attempts: 1 });
  expect(await redis.hget(pace, 'granted')).toBe('1');
});

it.each(['paused', 'cancelled'] as const)('marks nothing in a batch that is %s', async (fact) => {
  const { ledger, takeFor, expectUnmarked, lastOf } = await setUp();
  await (fact === 'paused' ? ledger.pauseBatch('b', 'test') : ledger.cancelBatch('b', 'test'));
  await expect(takeFor(1)).rejects.toMatchObject({ verdict: fact });
  await expectUnmarked(1);
  expect(await lastOf()).toBe('1');
});

it('marks nothing while the account is paused', async () => {
  const { account, redis, takeFor, expectUnmarked } = await setUp();
  await createPause(redis, account, []).set('test');
  expect(await takeFor(1)).toEqual({ verdict: 'paused' });
  await expectUnmarked(1);
});

it('marks nothing while the breaker is open, and the row of the one probe when that is due', async () => {
  const { account, redis, takeFor, expectUnmarked } = await setUp();
  const { breaker } = accountKeys(account);
  const now = Math.floor((await redisTime(redis, breaker)) / 1_000);
  await redis.hset(breaker, { code: 'X', since: now, nextProbe: now + 60_000 });
  expect(await takeFor(1)).toMatchObject({ verdict: 'breaker' });
  await expectUnmarked(1);
  await redis.hset(breaker, 'nextProbe', now);
  expect(await takeFor(1)).toMatchObject({ verdict: 'probe' });
  expect(await takeFor(2, { question: FAR })).toMatchObject({ verdict: 'breaker' });
  await expectUnmarked(2);
});

it('marks nothing during an outage but the row whose turn it is', async () => {
  const { account, redis, takeFor, expectUnmarked } = await setUp();
  const open = { step: 'submit', operation: 'submit', holdsAll: 1, nextProbe: 0, prober: '' };
  await redis.hset(accountKeys(account).outage, open);
  expect(await takeFor(1)).toEqual({ verdict: 'turn' });
  await expectUnmarked(1);
  expect(await takeFor(2)).toMatchObject({ verdict: 'outage' });
  expect(await takeFor(1)).toMatchObject({ verdict: 'granted' });
});

it.each(['authorize', 'put', 'submit'] as const)(
  'says with a slot whether calls of %s got no answer',
  async (operation) => {
    const { account, redis, takeFor } = await setUp();
    const outage = new Outage(redis, { account, rate: 5 });
    await outage.noteFailure({ operation, row: 'b 9', error: new AppError('PEER_TIMEOUT', 'no answer') });
    expect(await takeFor(1)).toMatchObject({ isQuiet: false });
    await outage.noteAnswer(operation);
    expect(await takeFor(2, { question: FAR })).toMatchObject({ isQuiet: true });
  },
);

it('says that a row is gone', async () => {
  const { takeFor } = await setUp();
  await expect(takeFor(9)).rejects.toMatchObject({ verdict: 'gone' });
});

it('takes again if the answer was lost: this run has the row already', async () => {
  const { takeFor } = await setUp();
  await takeFor(1);
  expect(await takeFor(1, { question: FAR })).toMatchObject({ verdict: 'granted' });
});

it('what is in the way is decoded', () => {
  expect(takeScript.decode(['verdict', 'obstacle', 'obstacle', 'paused', 'promoted', ['b 2']])).toEqual({
    verdict: 'obstacle',
    obstacle: 'paused',
    promoted: [{ batchId: 'b', row: 2 }],
  });
});
