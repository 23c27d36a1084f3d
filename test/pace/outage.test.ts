/** When unanswered calls are an outage, which row may probe whether it is over, and what ends it. */
import type { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { AppError } from '../../src/errors.ts';
import { type Ended, Outage } from '../../src/pace/outage.ts';
import type { Operation } from '../../src/pace/outage-operations.ts';
import { createPacer } from '../../src/pace/pacer.ts';
import { accountKeys } from '../../src/redis/keys.ts';
import { watchCommands } from '../support/asked-redis.ts';
import { connectTestRedis, uniqueName } from '../support/redis.ts';

const NEVER = new AbortController().signal;
const LOST = new AppError('PEER_TIMEOUT', 'no answer in time');
const REFUSED = new AppError('PEER_UNREACHABLE', 'connection failed', { wasSent: false });

function makeOutage() {
  const account = uniqueName();
  const redis = connectTestRedis();
  const ended: Ended[] = [];
  const outage = new Outage(redis, {
    account,
    rate: 5,
    // A turn is due at once.
    timing: { firstMs: 0, longestMs: 0 },
    onEnded: (facts) => void ended.push(facts),
  });
  const pacer = createPacer(redis, { account, rate: 1_000, guardMs: 0, probeEveryMs: 60_000 });
  async function fail(operation: Operation, rows: readonly string[], error = LOST) {
    const standings = [];
    for (const row of rows) standings.push(await outage.noteFailure({ operation, row, error }));
    return standings;
  }
  return { outage, pacer, redis, keys: accountKeys(account), ended, fail };
}

it('opens once, with the fifth failure in a row from three rows, and says what is unanswered since when', async () => {
  const { outage, fail } = makeOutage();
  const standings = await fail('submit', ['1', '2', '3', '1', '2', '3']);
  expect(standings.map(({ isOpen }) => isOpen)).toEqual([false, false, false, false, true, true]);
  expect(standings.filter(({ hasBegun }) => hasBegun)).toHaveLength(1);
  expect(await outage.read()).toMatchObject({
    operation: 'submit',
    step: 'submit',
    code: 'PEER_TIMEOUT',
    message: LOST.message,
  });
});

it.each([
  ['two rows', ['1', '2', '1', '2', '1', '2'], LOST, false],
  ['one row whose calls could not be sent', ['1', '1', '1', '1', '1'], REFUSED, true],
] as const)('is or is not opened by %s', async (_name, rows, error, isOpen) => {
  const { outage, fail } = makeOutage();
  await fail('authorize', rows, error);
  expect((await outage.read()) !== undefined).toBe(isOpen);
});

it('is not opened if any call got an answer in between, unless that was for another operation', async () => {
  const { outage, fail } = makeOutage();
  await fail('put', ['1', '2', '3', '4']);
  await outage.noteAnswer('put');
  await fail('put', ['1', '2', '3', '4']);
  expect(await outage.read()).toBeUndefined();
  await outage.noteAnswer('authorize');
  await fail('put', ['5']);
  expect(await outage.read()).toMatchObject({ operation: 'put' });
});

it('lets one row at a time probe, which no other failure postpones', async () => {
  const { pacer, fail } = makeOutage();
  await fail('authorize', ['1', '2', '3', '4', '5']);
  const turns: string[] = [];
  const asking = (row: string) => ({ row, onTurn: async () => void turns.push(row) });
  await pacer.take('upload', NEVER, asking('6'));
  await expect(pacer.take('upload', NEVER, asking('7'))).rejects.toMatchObject({ reason: 'outage' });
  await expect(pacer.take('submit', NEVER, asking('8'))).rejects.toMatchObject({ reason: 'outage' });
  await expect(pacer.take('upload', NEVER)).rejects.toMatchObject({ reason: 'outage' });
  expect((await fail('authorize', ['3']))[0]).toMatchObject({ isOpen: true, wasProbe: false });
  expect((await fail('authorize', ['6']))[0]).toMatchObject({ isOpen: true, wasProbe: true });
  await pacer.take('upload', NEVER, asking('7'));
  expect(turns).toEqual(['6', '7']);
});

it('passes on a turn that led to nothing', async () => {
  const { outage, pacer, fail } = makeOutage();
  await fail('authorize', ['1', '2', '3', '4', '5']);
  await pacer.take('upload', NEVER, { row: '6' });
  await outage.giveBackTurn('7');
  await expect(pacer.take('upload', NEVER, { row: '7' })).rejects.toMatchObject({ reason: 'outage' });
  await outage.giveBackTurn('6');
  await pacer.take('upload', NEVER, { row: '7' });
});

it('does not resubmit a row that led to it', async () => {
  const { pacer, fail } = makeOutage();
  await fail('submit', ['1', '2', '3', '4', '5']);
  await expect(pacer.take('submit', NEVER, { row: '2' })).rejects.toMatchObject({ reason: 'spent' });
  await pacer.take('submit', NEVER, { row: '6' });
});

it('of uploads to OSS does not hold up submits', async () => {
  const { pacer, fail } = makeOutage();
  await fail('put', ['1', '2', '3', '4', '5']);
  await pacer.take('submit', NEVER, { row: '9' });
});

it('ends with an answer to the unanswered operation, and is the same one if it resumes soon', async () => {
  const { outage, ended, fail, redis, keys } = makeOutage();
  await fail('submit', ['1', '2', '3', '4', '5']);
  await outage.noteAside('submit', 'sub-x-1');
  await outage.noteAnswer('authorize');
  expect(ended).toEqual([]);
  const since = (await outage.read())?.since;
  await outage.noteAnswer('submit');
  await outage.noteAnswer('submit');
  expect(ended).toEqual([{ since, aside: { upload: [], submit: ['sub-x-1'] } }]);
  expect(await outage.read()).toBeUndefined();
  const again = await fail('authorize', ['1', '2', '3', '4', '5']);
  expect(again.at(-1)).toMatchObject({ hasBegun: true, isSame: true, since });
  await outage.end();
  await redis.del(keys.lastOutage);
  const other = await fail('authorize', ['1', '2', '3', '4', '5']);
  expect(other.at(-1)).toMatchObject({ hasBegun: true, isSame: false });
});

it('asks Redis nothing about an answer while no failure is on record, and again after the next one', async () => {
  const { outage, redis, fail } = makeOutage();
  const asked = watchCommands(redis as Redis);
  outage.hearQuiet(performance.now());
  await outage.noteAnswer('authorize');
  expect(asked).toEqual([]);
  await fail('authorize', ['1', '2', '3', '4']);
  await outage.noteAnswer('authorize');
  await fail('authorize', ['5']);
  expect(await outage.read()).toBeUndefined();
});

it('does not take for quiet what was asked before the last failure', async () => {
  const { outage, fail } = makeOutage();
  const askedAt = performance.now();
  await fail('authorize', ['1', '2', '3', '4']);
  outage.hearQuiet(askedAt);
  await outage.noteAnswer('authorize');
  await fail('authorize', ['5']);
  expect(await outage.read()).toBeUndefined();
});

it('notes an answer if it is too long ago that nothing was on record: others may have failed since', async () => {
  const { outage, fail } = makeOutage();
  await fail('put', ['1', '2', '3', '4']);
  outage.hearQuiet(performance.now() - 500);
  await outage.noteAnswer('put');
  await fail('put', ['5']);
  expect(await outage.read()).toBeUndefined();
});
