import { expect, it } from 'vitest';
import { parseBatch } from '../../src/ledger/batch-record.ts';
import { createLedger } from '../../src/ledger/ledger.ts';
import { OUTCOMES } from '../../src/ledger/outcome.ts';
import { connectTestRedis, uniqueName } from '../support/redis.ts';

const STORED = {
  id: 'b',
  account: 'a',
  name: 'n',
  source: 's',
  by: 'test',
  state: 'paused',
  columns: '["CustSpaceId"]',
  created: '1',
};
const KEYS_ALWAYS = [
  'account',
  'by',
  'columns',
  'counts',
  'created',
  'id',
  'lastRedrive',
  'lastRow',
  'maxFailures',
  'name',
  'parked',
  'priority',
  'source',
  'state',
  'throttled',
  'total',
];

it('a batch has its counters once, under `counts`', () => {
  const counters = Object.fromEntries(OUTCOMES.map((outcome, index) => [outcome, String(index)]));
  const batch = parseBatch({
    ...STORED,
    ...counters,
    streak: '2',
    streakCode: 'X',
    withdrawn: '1',
    round: '3',
  });
  expect(Object.keys(batch).sort()).toEqual(KEYS_ALWAYS);
  expect(batch.counts).toEqual(Object.fromEntries(OUTCOMES.map((outcome, index) => [outcome, index])));
  expect(batch.lastRedrive).toBe(3);
});

it('a batch that has just begun has counters of zero', () => {
  const { counts, total, lastRedrive } = parseBatch(STORED);
  expect({ counts, total, lastRedrive }).toEqual({
    counts: Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])),
    total: 0,
    lastRedrive: 0,
  });
});

it('a batch has what happened only once it happened', () => {
  const batch = parseBatch({ ...STORED, finished: '9', notBefore: '5', pausedWhy: 'X' });
  expect(Object.keys(batch).sort()).toEqual([...KEYS_ALWAYS, 'finished', 'notBefore', 'pausedWhy'].sort());
});

it('a redrive is stored under the names that earlier versions read', async () => {
  const redis = connectTestRedis();
  const account = uniqueName();
  const ledger = createLedger(redis, account, () => 7);
  const begun = await ledger.beginRedrive('b', { kind: 'redrive', by: 'test', filter: 'all' });
  expect(begun).toEqual({ number: 1, kind: 'redrive', by: 'test', filter: 'all', begun: 7 });
  await ledger.endRedrive('b', begun);
  expect(await redis.hgetall(`{${account}}:batch:b:redrives`)).toEqual({
    1: '{"kind":"redrive","by":"test","filter":"all","round":1,"begun":7,"enqueued":7}',
  });
});

it('a schedule is unknown until somebody chooses one', async () => {
  const ledger = createLedger(connectTestRedis(), uniqueName());
  expect(await ledger.readSchedule()).toBeUndefined();
  await ledger.chooseSchedule('0 3 * * *');
  expect(await ledger.readSchedule()).toBe('0 3 * * *');
});
