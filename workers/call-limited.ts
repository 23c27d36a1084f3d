/** The limited call of a run: asks the pacer, records that the call is in progress, sends it, notes what it proves. */
import { AppError, isAboutCustomer } from '../src/errors.ts';
import type { RowRecord } from '../src/ledger/row-record.ts';
import { beginWrites } from '../src/onboarding/durably.ts';
import type { Operation } from '../src/pace/outage-operations.ts';
import type { Grant } from '../src/pace/pacer.ts';
import { Obstacle } from './obstacle.ts';
import { callPeer, rowName } from './peer-call.ts';
import { assertForward } from './seq-watch.ts';
import type { Step, StepRun } from './step.ts';

/** The operation of each step that the peer limits. */
const LIMITED = { upload: 'authorize', submit: 'submit' } as const satisfies Record<Step['name'], Operation>;

export interface Called<T> {
  answer: T;
  /** As it was marked before the call. */
  record: RowRecord;
}

/** A call that gets any answer about the customer proves the account sound, so it closes an open breaker. */
export async function callLimited<T>(step: Step, run: StepRun, send: () => Promise<T>): Promise<Called<T>> {
  const { grant, record } = await takeAndMark(step, run);
  try {
    const answer = await callPeer(run, LIMITED[step.name], send);
    await noteAnswer(step, run, grant);
    return { answer, record };
  } catch (error) {
    if (error instanceof AppError && isAboutCustomer(error)) await noteAnswer(step, run, grant);
    throw error;
  }
}

/**
 * Resolves when the call may leave now and the ledger says that it is in progress.
 * @throws Obstacle if people or other rows have decided about the row since
 */
async function takeAndMark(step: Step, run: StepRun): Promise<{ grant: Grant; record: RowRecord }> {
  const { ledger, pacer, seqWatch } = run.account;
  const fence = step.isExclusive ? run.attemptToken : undefined;
  const writes = step.isExclusive ? await beginWrites(run.account) : undefined;
  let record: RowRecord | undefined;

  async function mark(): Promise<void> {
    const token = step.isExclusive
      ? { token: run.attemptToken, process: run.account.heartbeats.processId }
      : {};
    const patch = { code: null, message: null, hint: null, class: null, ...token };
    const more = record === undefined ? { add: { attempts: 1 } } : { add: {}, fence };
    const { last } = seqWatch;
    const marked = await ledger.markRow({ ...run.data, to: step.during, patch, ...more });
    if (marked.verdict !== 'marked') throw new Obstacle(marked.verdict, marked);
    record = marked.record ?? undefined;
    if (!step.isExclusive) return;
    const { seq = 0 } = record ?? {};
    await assertForward(run.account, { seq, last });
    // A number that a failover may forget must not count as given.
    if (!writes?.needsWait) seqWatch.confirm(seq);
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
      seqWatch.confirm(record?.seq ?? 0);
    }
    const grant = await pacer.take(step.name, run.stopping, { row: rowName(run), prepare: mark, onTurn });
    if (record === undefined) throw new Error('A grant was given without a mark.');
    return { grant, record };
  } catch (error) {
    // The grant came too late to be used and no other followed: nothing was sent, so nothing may look sent.
    if (record) await ledger.transition({ ...run.data, to: step.before, add: { attempts: -1 }, fence });
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
