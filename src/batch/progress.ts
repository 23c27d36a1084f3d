/** Where a batch stands, in numbers. Pure. */
import type { Batch } from '../ledger/batch-record.ts';
import { countActive } from '../ledger/outcome.ts';

export interface Progress {
  total: number;
  done: number;
  submitted: number;
  failed: number;
  throttled: number;
  /** Customers per second since the first look; undefined until there is a rate. */
  perSecond: number | undefined;
  /** Seconds until all are done, at the current pace. */
  etaSeconds: number;
}

/** From here on the measured rate is trusted. */
const MEASURED_FROM_SHARE = 0.05;
const MEASURED_FROM_SECONDS = 10;

/** One earlier look at the batch, from which the rate is measured. */
export interface Sample {
  at: number;
  done: number;
}

export interface Look {
  /** Current interval between two calls of the slower step, in milliseconds. */
  intervalMs: number;
  /** Milliseconds since 1970. */
  now: number;
  /** The first look at this batch. */
  first?: Sample;
}

export function progressOf(batch: Batch, { intervalMs, now, first }: Look): Progress {
  const { counts } = batch;
  const left = countActive(counts);
  const done = batch.total - left;
  const seconds = first === undefined ? 0 : (now - first.at) / 1000;
  const seen = done - (first?.done ?? 0);
  const perSecond = seconds >= 1 ? seen / seconds : undefined;
  // A batch with a later start does nothing until then.
  const waitSeconds = Math.max((batch.notBefore ?? 0) - now, 0) / 1000;
  const isMeasured = seen >= MEASURED_FROM_SHARE * batch.total && seconds >= MEASURED_FROM_SECONDS;
  return {
    total: batch.total,
    done,
    submitted: counts.submitted,
    failed: counts.failed,
    throttled: batch.throttled,
    perSecond,
    // The measured rate reflects other batches and slow answers; early on, the current pace is the better guide.
    etaSeconds: waitSeconds + (isMeasured && perSecond ? left / perSecond : (left * intervalMs) / 1000),
  };
}
