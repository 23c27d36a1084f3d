/** The limited call of a run: asks the pacer, records that the call is in progress, sends it, notes what it proves. */
import { AppError, isAboutCustomer } from '../src/errors.ts';
import { beginWrites } from '../src/onboarding/durably.ts';
import type { Operation } from '../src/pace/outage-operations.ts';
import type { Grant } from '../src/pace/pacer.ts';
import { callPeer, rowName } from './peer-call.ts';
import type { Step, StepRun } from './step.ts';

/** The operation of each step that the peer limits. */
const LIMITED = { upload: 'authorize', submit: 'submit' } as const satisfies Record<Step['name'], Operation>;

/** A call that gets any answer about the customer proves the account sound, so it closes an open breaker. */
export async function callLimited<T>(step: Step, run: StepRun, send: () => Promise<T>): Promise<T> {
  const grant = await takeAndMark(step, run);
  try {
    const answer = await callPeer(run, LIMITED[step.name], send);
    await noteAnswer(step, run, grant);
    return answer;
  } catch (error) {
    if (error instanceof AppError && isAboutCustomer(error)) await noteAnswer(step, run, grant);
    throw error;
  }
}

/** Resolves when the call may leave now and the ledger says that it is in progress. */
async function takeAndMark(step: Step, run: StepRun): Promise<Grant> {
  const { ledger, pacer } = run.account;
  const fence = step.isExclusive ? run.attemptToken : undefined;
  const writes = step.isExclusive ? await beginWrites(run.account) : undefined;
  let isMarked = false;

  async function mark(): Promise<void> {
    const token = step.isExclusive ? { token: run.attemptToken } : {};
    const patch = { code: null, message: null, hint: null, class: null, ...token };
    const more = isMarked ? { add: {}, fence } : { add: { attempts: 1 } };
    await ledger.transition({ ...run.data, to: step.during, patch, ...more });
    isMarked = true;
  }

  async function onTurn(): Promise<void> {
    run.turn.isOurs = true;
    await step.beforeProbe?.(run);
  }

  try {
    // A wait would make every grant late, so it comes first; the mark is then only renewed.
    if (writes?.needsWait) {
      await mark();
      await writes.confirm();
    }
    return await pacer.take(step.name, run.stopping, { row: rowName(run), prepare: mark, onTurn });
  } catch (error) {
    // The grant came too late to be used and no other followed: nothing was sent, so nothing may look sent.
    if (isMarked) await ledger.transition({ ...run.data, to: step.before, add: { attempts: -1 }, fence });
    throw error;
  }
}

/** Bookkeeping after an answer. Its failure must not cost us the answer that we already have. */
async function noteAnswer(step: Step, { account }: StepRun, grant: Grant): Promise<void> {
  try {
    await account.pacer.accepted(step.name, grant);
    if (grant.isProbe) await account.breaker.close();
  } catch (error) {
    const fields = { event: 'note_failed', step: step.name, error: (error as Error).message };
    account.logger.warn(fields, 'pace or breaker not updated');
  }
}
