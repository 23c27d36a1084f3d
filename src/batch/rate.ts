/** How fast a batch went, from what its stream of events still has. Pure, but for the reading. */
import type { Batch } from '../ledger/batch-record.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { RowEvent } from '../ledger/row-events.ts';

const POINTS_MAX = 600;
const MS_PER_SECOND = 1_000;
/** Spans of a point, in seconds. */
const SPANS = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 21_600, 86_400];
/** What counts as "of late", in milliseconds. */
const RECENT_MS = 60_000;

/** The rows that ended within one span of time. */
export interface RatePoint {
  /** Its begin, in milliseconds since 1970. */
  at: number;
  submitted: number;
  failed: number;
}

/** How many rows ended, over time. */
export interface Rate {
  secondsPerPoint: number;
  /** Without gaps, oldest first. */
  points: RatePoint[];
}

export function rateOf(events: readonly RowEvent[]): Rate {
  const ended = events.filter(({ outcome }) => outcome === 'submitted' || outcome === 'failed');
  const [first, last] = [ended[0], ended.at(-1)];
  if (first === undefined || last === undefined) return { secondsPerPoint: 1, points: [] };
  // One less, because the first point begins before the first event.
  const needed = (last.at - first.at) / MS_PER_SECOND / (POINTS_MAX - 1);
  const secondsPerPoint = SPANS.find((span) => span >= needed) ?? Math.ceil(needed);
  const ms = secondsPerPoint * MS_PER_SECOND;
  const begin = Math.floor(first.at / ms);
  const points = Array.from({ length: Math.floor(last.at / ms) - begin + 1 }, (_, index) => ({
    at: (begin + index) * ms,
    submitted: 0,
    failed: 0,
  }));
  for (const { at, outcome } of ended) {
    const point = points[Math.floor(at / ms) - begin];
    if (point) point[outcome === 'submitted' ? 'submitted' : 'failed'] += 1;
  }
  return { secondsPerPoint, points };
}

/** @throws AppError BATCH_UNKNOWN */
export async function readRate(ledger: Ledger, batchId: string): Promise<Rate> {
  await ledger.requireBatch(batchId);
  return rateOf(await ledger.readAllEvents(batchId));
}

/** Customers per second of late; undefined while none is done. @param now milliseconds since 1970 */
export async function readRecentRate(
  ledger: Ledger,
  { id, state }: Batch,
  now: number,
): Promise<number | undefined> {
  if (state === 'finished') return undefined;
  const events = await ledger.readEventsSince(id, now - RECENT_MS);
  const [first] = events;
  const done = events.filter(({ outcome }) => outcome === 'submitted' || outcome === 'failed').length;
  if (first === undefined || done === 0) return undefined;
  const seconds = Math.max(now - first.at, MS_PER_SECOND) / MS_PER_SECOND;
  return Math.round((done / seconds) * 10) / 10;
}
