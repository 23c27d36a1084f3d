import { expect, it } from 'vitest';
import { parseBatch } from '../../src/ledger/batch-record.ts';
import { BATCH_CONDITIONS, batchStateOf } from '../../src/ledger/batch-state.ts';
import { createLedger } from '../../src/ledger/ledger.ts';
import { OUTCOMES } from '../../src/ledger/outcome.ts';
import { connectTestRedis, uniqueName } from '../support/redis.ts';

const STORED = {
  id: 'b',
  account: 'a',
  name: 'n',
  source: 's',
  by: 'test',
  kind: 'import',
  columns: '["CustSpaceId"]',
  fieldColumns: '[0]',
  created: '1',
};
const KEYS_ALWAYS = [
  'account',
  'by',
  'columns',
  'counts',
  'created',
  'fieldColumns',
  'id',
  'kind',
  'lastRedrive',
  'lastRow',
  'maxFailures',
  'name',
  'parked',
  'priority',
  'retrying',
  'reviews',
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
  const batch = parseBatch({ ...STORED, finished: '9', notBefore: '5', pausedAt: '8', pausedWhy: 'X' });
  expect(Object.keys(batch).sort()).toEqual(
    [...KEYS_ALWAYS, 'finished', 'notBefore', 'pausedAt', 'pausedWhy'].sort(),
  );
});

it('a schedule is unknown until somebody chooses one', async () => {
  const ledger = createLedger(connectTestRedis(), uniqueName());
  expect(await ledger.readSchedule()).toBeUndefined();
  await ledger.chooseSchedule('0 3 * * *');
  expect(await ledger.readSchedule()).toBe('0 3 * * *');
});

it.each([
  [['cancelled', 'active', 'paused'], 'cancelling'],
  [['cancelled', 'unsealedImport'], 'finished'],
  [['paused', 'unsealedImport', 'active'], 'paused'],
  [['unsealedImport', 'active'], 'enqueuing'],
  [['unsealedStream', 'active'], 'running'],
  [['unsealedStream'], 'open'],
  [['active'], 'running'],
  [[], 'finished'],
] as const)('a batch that is %j is %s', (facts, state) => {
  const conditions = BATCH_CONDITIONS.map((condition) => [
    condition,
    facts.some((fact) => fact === condition),
  ]);
  expect(batchStateOf(Object.fromEntries(conditions))).toBe(state);
});
