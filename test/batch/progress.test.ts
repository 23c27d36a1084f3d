import { expect, it } from 'vitest';
import { progressOf } from '../../src/batch/progress.ts';
import { renderLine } from '../../src/cli/bar.ts';
import { type Batch, parseBatch } from '../../src/ledger/batch-record.ts';
import { OUTCOMES, type Outcome } from '../../src/ledger/outcome.ts';

const NOW = 1_800_000_000_000;
const LOOK = { intervalMs: 204, now: NOW };

function makeBatch(counts: Partial<Record<Outcome, number>>, more: Record<string, string> = {}): Batch {
  const total = OUTCOMES.reduce((sum, outcome) => sum + (counts[outcome] ?? 0), 0);
  const facts = { id: 'b', account: 'a', name: 'n', source: 's', by: 'test', kind: 'import', sealedAt: '1' };
  const numbers = Object.entries({ ...counts, total, created: NOW }).map(([key, value]) => [
    key,
    String(value),
  ]);
  return parseBatch({ ...facts, columns: '[]', fieldColumns: '[]', ...Object.fromEntries(numbers), ...more });
}

it('estimates the time left by the pace in force before there is a rate', () => {
  const progress = progressOf(makeBatch({ pending: 90, submitting: 10 }), LOOK);
  expect(progress).toMatchObject({ total: 100, done: 0, perSecond: undefined, etaSeconds: 20.4 });
});

it('estimates the time left by the measured rate once enough is done', () => {
  const batch = makeBatch({ pending: 80, submitted: 18, failed: 2 });
  const progress = progressOf(batch, { ...LOOK, first: { at: NOW - 10_000, done: 0 } });
  expect(progress).toMatchObject({ done: 20, submitted: 18, failed: 2, perSecond: 2, etaSeconds: 40 });
});

it('adds the time until a batch for later begins', () => {
  const batch = makeBatch({ pending: 100 }, { notBefore: String(NOW + 60_000) });
  expect(progressOf(batch, LOOK).etaSeconds).toBeCloseTo(80.4);
  expect(progressOf(batch, { ...LOOK, now: NOW + 61_000 }).etaSeconds).toBeCloseTo(20.4);
});

it('counts the rows ahead, which are sent while a batch waits for its time', () => {
  const batch = makeBatch({ pending: 100 });
  expect(progressOf(batch, { ...LOOK, rowsAhead: 1000 }).etaSeconds).toBeCloseTo(224.4);
  const later = makeBatch({ pending: 100 }, { notBefore: String(NOW + 60_000) });
  expect(progressOf(later, { ...LOOK, rowsAhead: 100 }).etaSeconds).toBeCloseTo(80.4);
  expect(progressOf(later, { ...LOOK, rowsAhead: 1000 }).etaSeconds).toBeCloseTo(224.4);
});

it('promises no end while nothing moves', () => {
  const progress = progressOf(makeBatch({ pending: 5 }), { ...LOOK, isStandstill: true });
  expect(progress.etaSeconds).toBeUndefined();
  expect(renderLine(progress)).toMatch(/ETA -$/);
});
