/** Where a job goes when its run is over but its row is not done: each throws BullMQ's own error for it. */
import { DelayedError, RateLimitError, WaitingError } from 'bullmq';
import { PRIORITY } from '../src/queue/priority.ts';
import type { StepName } from '../src/redis/keys.ts';
import type { Step, StepRun } from './step.ts';

/** The whole queue waits; no attempt is used. @throws RateLimitError always */
export async function waitWithQueue(step: Step, { account }: StepRun, waitMs: number): Promise<never> {
  await account.queues[step.name].rateLimit(Math.ceil(waitMs));
  throw new RateLimitError();
}

/**
 * This job waits. BullMQ notes until when by the clock here, and others compare it with theirs: put off by one that is hours
 * ahead, it would wait for hours. Then another machine decides.
 * @throws DelayedError, or WaitingError if the clock here is off
 */
export async function delay(run: StepRun, delayMs: number): Promise<never> {
  const { account, job, token } = run;
  if (await account.machine.isClockOff()) return handBack(run);
  // Otherwise it would come back behind everything of its priority: in a large batch, after hours.
  await job.changePriority({ priority: PRIORITY.retry });
  await job.moveToDelayed(account.now() + Math.ceil(delayMs), token);
  throw new DelayedError();
}

/** This job waits, at most until the end of an outage. @throws DelayedError always */
export async function delayUntilAnswer(step: StepName, run: StepRun, delayMs: number): Promise<never> {
  const { job, account } = run;
  if (job.id !== undefined) await account.outage.noteAside(step, job.id);
  return delay(run, delayMs);
}

/** For another worker, at once and before the others of its priority. @throws WaitingError always */
export async function handBack({ job, token }: Pick<StepRun, 'job' | 'token'>): Promise<never> {
  await job.moveToWait(token);
  throw new WaitingError();
}
