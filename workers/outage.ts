/**
 * What happens to a row while the peer is not answering. During an outage no try counts, and the row returns to its
 * queue. A call that could not even be sent never counts; a submit whose answer was lost always does.
 */
import type { AppError } from '../src/errors.ts';
import type { NotNow } from '../src/pace/not-now.ts';
import type { Standing } from '../src/pace/note-failure.ts';
import type { AccountQueues } from '../src/queue/queues.ts';
import type { StepName } from '../src/redis/keys.ts';
import { backoffMs } from './backoff.ts';
import { delayUntilAnswer, waitWithQueue } from './job-moves.ts';
import { endIfParked, parkAtOf } from './repeat-or-park.ts';
import { goBack, reasonOf } from './row-moves.ts';
import type { Step, StepRun } from './step.ts';

/** Longest time that a queue is held at once, in milliseconds: checking again costs the peer nothing. */
const HOLD_MS_MAX = 3_000;
/** A row whose probe failed returns this long after the next turn is due, so that another row goes first. */
const ASIDE_MARGIN_MS = 100;

/** After a call without an answer that does not count as a try of the row. @throws always */
export async function waitForAnswer(
  step: Step,
  run: StepRun,
  { error, standing }: { error: AppError; standing: Standing },
): Promise<never> {
  const isLost = error.class === 'ambiguous' && error.wasSent;
  const parkAt = isLost ? parkAtOf(run) : undefined;
  const record = await goBack(step, run, { add: costOf(error), patch: reasonOf(error), parkAt });
  if (isLost) endIfParked(run, record);
  if (!standing.isOpen) return delayUntilAnswer(step.name, run, backoffMs(1, run.account.random()));
  if (standing.wasProbe) return stepAside(step, run, standing.wait);
  return waitWithQueue(step, run, Math.min(Math.max(standing.wait, 1), HOLD_MS_MAX));
}

function costOf({ wasSent, class: errorClass }: AppError) {
  if (!wasSent) return { attempts: -1 };
  return errorClass === 'ambiguous' ? { ambiguous: 1 } : {};
}

/** For a row that arrives during an outage. @throws always */
export async function waitForOutage(step: Step, run: StepRun, { reason, waitMs }: NotNow): Promise<never> {
  const { outage } = run.account;
  if (reason === 'spent') return stepAside(step, run, outage.timing.longestMs);
  const open = await outage.read();
  // No row is left to probe, for example after a cancel: the next call will show.
  if (open && open.step !== step.name && (await isEmpty(run, open.step))) await outage.end();
  else if (open) return waitWithQueue(step, run, Math.min(waitMs, HOLD_MS_MAX));
  return waitWithQueue(step, run, 1);
}

/** Others have their turns before this row probes again; a row that is alone gets the next turn. */
async function stepAside(step: Step, run: StepRun, untilTurnMs: number): Promise<never> {
  const { outage, queues } = run.account;
  const isAlone = (await countWaiting(queues, step.name)) === 0;
  const waitMs = isAlone ? untilTurnMs + ASIDE_MARGIN_MS : Math.max(outage.timing.asideMs, untilTurnMs);
  return delayUntilAnswer(step.name, run, waitMs);
}

async function isEmpty({ account: { queues, outage } }: StepRun, step: StepName): Promise<boolean> {
  if ((await countWaiting(queues, step)) > 0) return false;
  if ((await queues[step].getActiveCount()) > 0) return false;
  const aside = await outage.listAside(step);
  const states = await Promise.all(aside.map((jobId) => queues[step].getJobState(jobId)));
  return !states.includes('delayed');
}

async function countWaiting(queues: AccountQueues, step: StepName): Promise<number> {
  const { prioritized = 0, waiting = 0 } = await queues[step].getJobCounts('prioritized', 'waiting');
  return prioritized + waiting;
}
