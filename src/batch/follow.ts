/** Follows a batch until nothing more happens to it on its own. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Batch } from '../ledger/batch-record.ts';
import type { LedgerAccount } from '../onboarding/open-ledger.ts';
import type { OpenBreaker } from '../pace/breaker.ts';
import type { OpenOutage } from '../pace/outage.ts';
import { type Progress, progressOf, type Sample } from './progress.ts';

const LOOK_EVERY_MS = 500;

export interface Snapshot {
  batch: Batch;
  progress: Progress;
  /** The batch is finished, or paused until a person resumes it. */
  isOver: boolean;
  /** Set while the peer refuses the account, so that nothing happens until a person acts. */
  breaker: OpenBreaker | undefined;
  /** Set while the peer is not answering; it resolves by itself, so following continues. */
  outage: OpenOutage | undefined;
}

type Following = Pick<LedgerAccount, 'ledger' | 'pacer' | 'breaker' | 'outage' | 'now'>;

/** Yields at once and then twice a second; ends after the first snapshot that is over or has an open breaker. */
export async function* follow(
  { ledger, pacer, breaker, outage, now }: Following,
  batchId: string,
): AsyncGenerator<Snapshot> {
  let first: Sample | undefined;
  for (;;) {
    const batch = await ledger.requireBatch(batchId);
    const at = now();
    const progress = progressOf(batch, { intervalMs: await pacer.slowestIntervalMs(), now: at, first });
    // The rate is measured from the first finished customer: until then the pipeline is only filling.
    if (progress.done > 0) first ??= { at, done: progress.done };
    const isOver = batch.state === 'finished' || batch.state === 'paused';
    const [refusal, silence] = isOver ? [] : await Promise.all([breaker.read(), outage.read()]);
    yield { batch, progress, isOver, breaker: refusal, outage: silence };
    if (isOver || refusal) return;
    await sleep(LOOK_EVERY_MS);
  }
}
