import { describe, expect, it } from 'vitest';
import { renderHold } from '../../src/cli/holds-view.ts';
import { type AccountFacts, accountHolds } from '../../src/onboarding/account-holds.ts';
import { describeWhen } from '../../src/onboarding/describe-when.ts';
import { HOLD_KINDS, type Hold, sortHolds } from '../../src/onboarding/holds.ts';

const TIME = Date.UTC(2026, 0, 31);
const WORKER = { id: 'w', host: 'h', pid: 7, version: '1', since: 1, stateSince: TIME, state: 'working' };
const FINE: AccountFacts = {
  presence: { now: TIME, lastSeen: TIME, workers: [WORKER] },
  isPaused: false,
  pause: undefined,
  breaker: undefined,
  outage: undefined,
};
const BREAKER = { code: 'C', message: 'm', hint: 'Do it.', since: TIME, nextProbe: TIME };
const OUTAGE = { operation: 'put', step: 'upload', code: 'C', message: 'm', since: TIME } as const;

const idle = (id: string, state: string, stateSince: number) => ({ ...WORKER, id, state, stateSince });
const reasonsOf = (facts: Partial<AccountFacts>) =>
  accountHolds({ ...FINE, ...facts }).map(({ reason }) => reason);

describe('an account', () => {
  it('is held by nothing while a worker takes jobs, even if others do not', () => {
    const workers = [WORKER, idle('x', 'clock off', TIME)];
    expect(reasonsOf({ presence: { ...FINE.presence, workers } })).toEqual([]);
  });

  it('is held by all reasons at once, first things first', () => {
    const presence = { now: TIME, lastSeen: undefined, workers: [] };
    const all = { presence, isPaused: true, breaker: BREAKER, outage: OUTAGE };
    expect(reasonsOf(all)).toEqual(['noWorker', 'accountPaused', 'breaker', 'outage']);
  });

  it('is held by a ledger that went back, whoever has paused it, and resuming is not advised', () => {
    const pause = { at: TIME, by: 'ann', why: 'LEDGER_WENT_BACK' as const };
    const [hold] = accountHolds({ ...FINE, isPaused: true, pause });
    expect(hold).toEqual({
      reason: 'ledgerWentBack',
      since: TIME,
      hint: expect.stringContaining('account recover'),
    });
  });

  it('is held by the troubles of its workers once the last of them has one', () => {
    const workers = [idle('x', 'clock off', TIME - 5), idle('y', 'no credentials', TIME - 9)];
    const [hold] = accountHolds({ ...FINE, presence: { ...FINE.presence, workers } });
    expect(hold).toMatchObject({
      reason: 'workersInTrouble',
      since: TIME - 5,
      workers: [{ state: 'clock off' }, {}],
    });
  });
});

const HOLDS: [Hold, string][] = [
  [{ reason: 'noWorker', hint: 'H.' }, 'no worker has ever run for this account'],
  [{ reason: 'noWorker', since: TIME, hint: 'H.' }, 'no worker since 2026-01-31T00:00:00.000Z'],
  [
    { reason: 'workersInTrouble', since: TIME, workers: [idle('x', 'clock off', 1)], hint: 'H.' },
    'workers: none takes jobs since 2026-01-31T00:00:00.000Z: clock off (h:7)',
  ],
  [
    { reason: 'accountPaused', since: TIME, by: 'ann', hint: 'H.' },
    'paused by ann since 2026-01-31T00:00:00.000Z',
  ],
  [{ reason: 'accountPaused', hint: 'H.' }, 'paused in BullMQ itself, which does not say by whom'],
  [
    { reason: 'ledgerWentBack', since: TIME, hint: 'H.' },
    'held what was sent is no longer on record, since 2026-01-31T00:00:00.000Z',
  ],
  [{ reason: 'batchPaused', why: 'C', hint: 'H.' }, 'paused after too many C refusals in a row'],
  [
    { reason: 'leadsPaused', rows: 2, batches: ['b'], hint: 'H.' },
    'waiting: 2 rows for the same customers in batch b, which is paused',
  ],
  [
    { reason: 'leadsPaused', rows: 2, batches: ['b', 'c'], hint: 'H.' },
    'waiting: 2 rows for the same customers in 2 batches, all paused',
  ],
  [{ reason: 'breaker', ...BREAKER, hint: 'H.' }, 'breaker OPEN since 2026-01-31T00:00:00.000Z: C m'],
  [
    { reason: 'outage', ...OUTAGE, hint: 'H.' },
    'outage since 2026-01-31T00:00:00.000Z: OSS (put) is not answering: C m',
  ],
  [{ reason: 'notBefore', until: TIME, hint: 'H.' }, `starts: ${describeWhen(TIME)}`],
  [
    { reason: 'batchesAhead', rows: 36_000, seconds: 7_200, hint: 'H.' },
    'queue: the batches ahead take about 2h 00m (36000 rows)',
  ],
  [{ reason: 'rowsWait', rows: 1, hint: 'H.' }, 'waiting: 1 row for the same customers in other batches'],
];

it.each(HOLDS)('%j is told in words, with what to do', (hold, text) => {
  expect(renderHold(hold)).toBe(`${text}\n  → H.`);
});

it('every reason is told, in the order of importance', () => {
  const sorted = sortHolds(HOLDS.map(([hold]) => hold).reverse()).map(({ reason }) => reason);
  expect([...new Set(sorted)]).toEqual(Object.keys(HOLD_KINDS));
});
