/** Where a batch stands, in numbers. Pure. */
import type { Batch } from '../ledger/batch-record.ts';
import { countActive } from '../ledger/outcome.ts';

export interface Progress {
  total: number;
  done: number;
  submitted: number;
  failed: number;
  throttled: number;
  /** Rows whose last call failed, and which are tried again. */
  retrying: number;
  /** Customers per second since the first look; undefined until there is a rate. */
  perSecond: number | undefined;
  /** Seconds until all are done, at the current pace; undefined while nothing moves. */
  etaSeconds: number | undefined;
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
  /** The look from which the rate is measured. */
  first?: Sample;
  /** Rows of other batches that are sent first. */
  rowsAhead?: number;
  /** Whether nothing moves, such as during a pause. */
  isStandstill?: boolean;
}

export function progressOf(batch: Batch, look: Look): Progress {
  const { counts } = batch;
  const { now, first } = look;
  const left = countActive(counts);
  const done = batch.total - left;
  const seconds = first === undefined ? 0 : (now - first.at) / 1000;
  const seen = done - (first?.done ?? 0);
  const perSecond = seconds >= 1 ? seen / seconds : undefined;
  const isMeasured = seen >= MEASURED_FROM_SHARE * batch.total && seconds >= MEASURED_FROM_SECONDS;
  return {
    total: batch.total,
    done,
    submitted: counts.submitted,
    failed: counts.failed,
    throttled: batch.throttled,
    retrying: batch.retrying,
    perSecond,
    etaSeconds: look.isStandstill ? undefined : etaOf(batch, look, isMeasured ? perSecond : undefined),
  };
}

/** @param perSecond the rate, if it is measured: it reflects slow answers too; early on the current pace is the better guide */
function etaOf(
  { counts, notBefore = 0 }: Batch,
  { intervalMs, now, rowsAhead = 0 }: Look,
  perSecond: number | undefined,
): number {
  const left = countActive(counts);
  // The batches ahead are sent while a batch waits for its time.
  const waitSeconds = Math.max(notBefore - now, rowsAhead * intervalMs, 0) / 1000;
  return waitSeconds + (perSecond ? left / perSecond : (left * intervalMs) / 1000);
}
