/** Where a batch stands, as numbers and as the line a person watches. Pure. */
import { countActive } from '../ledger/outcome.ts';
import type { Batch } from '../ledger/records.ts';
import { renderDuration } from '../text.ts';

export interface Progress {
  total: number;
  done: number;
  submitted: number;
  failed: number;
  throttled: number;
  /** Customers per second since the first was seen, or undefined before there is a rate. */
  perSecond: number | undefined;
  /** Seconds until all are done at the pace in force. */
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

/**
 * @param intervalMs distance between two calls of the slower operation in force
 * @param first the first look at this batch
 */
export function progressOf(batch: Batch, intervalMs: number, now: number, first?: Sample): Progress {
  const { counts } = batch;
  const left = countActive(counts);
  const done = batch.total - left;
  const seconds = first === undefined ? 0 : (now - first.at) / 1000;
  const seen = done - (first?.done ?? 0);
  const perSecond = seconds >= 1 ? seen / seconds : undefined;
  // A batch for later does nothing until then.
  const waitSeconds = Math.max((batch.notBefore ?? 0) - now, 0) / 1000;
  const isMeasured = seen >= MEASURED_FROM_SHARE * batch.total && seconds >= MEASURED_FROM_SECONDS;
  return {
    total: batch.total,
    done,
    submitted: counts.submitted,
    failed: counts.failed,
    throttled: batch.throttled,
    perSecond,
    // The measured rate knows of other batches and slow answers; early on the pace in force knows more.
    etaSeconds: waitSeconds + (isMeasured && perSecond ? left / perSecond : (left * intervalMs) / 1000),
  };
}

const BAR_WIDTH = 24;

export function renderBar(progress: Progress): string {
  const share = progress.total === 0 ? 1 : progress.done / progress.total;
  const filled = Math.round(share * BAR_WIDTH);
  return `[${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)}] ${renderLine(progress)}`;
}

export function renderLine(progress: Progress): string {
  const { done, total, submitted, failed, throttled, perSecond, etaSeconds } = progress;
  const rate = perSecond === undefined ? '–' : perSecond.toFixed(1);
  const eta = done === total ? 'done' : `ETA ${renderDuration(etaSeconds)}`;
  return `${done}/${total}  submitted ${submitted}  failed ${failed}  throttled ${throttled}  ${rate}/s  ${eta}`;
}
