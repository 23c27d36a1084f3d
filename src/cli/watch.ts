/** Follows a batch until nothing more happens to it: a live bar on a terminal, a line every 10 s elsewhere. */
import { setTimeout as sleep } from 'node:timers/promises';
import { progressOf, renderBar, renderLine, type Sample } from '../batch/progress.ts';
import type { Batch } from '../ledger/batch-record.ts';
import type { AccountRuntime } from '../onboarding/open-account.ts';
import type { OpenBreaker } from '../pace/breaker.ts';
import { rarely } from '../rarely.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { isInteractive, redraw, say } from './output.ts';

const LOOK_EVERY_MS = 500;
const LINE_EVERY_MS = 10_000;

export interface Watched {
  batch: Batch;
  /** Set where the watching ended because the peer refuses the account. */
  breaker?: OpenBreaker;
}

export async function watchBatch(runtime: AccountRuntime, batchId: string): Promise<Watched> {
  const show = isInteractive() ? redraw : rarely(LINE_EVERY_MS, say);
  let first: Sample | undefined;
  for (;;) {
    const batch = await runtime.ledger.requireBatch(batchId);
    const now = Date.now();
    const progress = progressOf(batch, await runtime.pacer.slowestIntervalMs(), now, first);
    // The rate counts from the first customer that was done: before, the pipeline only fills.
    if (progress.done > 0) first ??= { at: now, done: progress.done };
    // Nothing more happens to a paused batch before a person comes.
    const isFinished = batch.state === 'finished' || batch.state === 'paused';
    if (isInteractive()) show(renderBar(progress));
    else if (isFinished) say(renderLine(progress));
    else show(renderLine(progress));
    const breaker = await runtime.breaker.read();
    if (isFinished || breaker) {
      if (isInteractive()) say('');
      return { batch, breaker: isFinished ? undefined : breaker };
    }
    await sleep(LOOK_EVERY_MS);
  }
}

/** The exit code of a batch that was watched, and the sentence that explains it. */
export function conclude({ batch, breaker }: Watched): ExitCode {
  if (breaker) {
    say(`The peer refuses the account: ${breaker.code} ${breaker.message}\n  → ${breaker.hint}`);
    say(
      `No row is lost; the batch goes on by itself once the account is accepted. Watch: onboard status ${batch.id} --watch`,
    );
    return EXIT.refused;
  }
  const { submitted, unchanged, failed, cancelled } = batch.counts;
  const tally = `${submitted} submitted, ${unchanged} unchanged, ${failed} failed, ${cancelled} cancelled`;
  say(`Batch ${batch.id} is ${batch.state}: ${tally}.`);
  if (batch.state === 'paused')
    say(`Too many ${batch.pausedWhy} in a row. When that is mended: onboard resume ${batch.id}`);
  if (failed > 0) say(`See why: onboard results ${batch.id} --failed`);
  return failed > 0 ? EXIT.rowsFailed : EXIT.done;
}
