/** The limited call of a run: gets it on its way in its turn, and notes what it proves. */
import { type Leave, NotLeft } from '../src/alibaba/chatapp/hold-request.ts';
import { isAboutCustomer } from '../src/errors.ts';
import type { RowRecord } from '../src/ledger/row-record.ts';
import type { Operation } from '../src/pace/outage-operations.ts';
import { Departure } from './departure.ts';
import { callPeer } from './peer-call.ts';
import type { Step, StepRun } from './step.ts';

/** The operation of each step that the peer limits. */
const LIMITED = { upload: 'authorize', submit: 'submit' } as const satisfies Record<Step['name'], Operation>;

export interface Called<T> {
  answer: T;
  /** The row as it was marked before the call. */
  record: RowRecord;
}

/**
 * A call that gets any answer about the customer proves the account sound, so it closes an open breaker.
 * @param send must ask `leave` when the request is ready, and reject with NotLeft if that rejects
 */
export async function callLimited<T>(
  step: Step,
  run: StepRun,
  send: (leave: Leave) => Promise<T>,
): Promise<Called<T>> {
  const departure = new Departure(step, run);
  await departure.begin();
  try {
    const answer = await callPeer(run, LIMITED[step.name], () => send(() => departure.leave()));
    await noteAnswer(step, run, departure);
    return { answer, record: departure.record };
  } catch (error) {
    if (error instanceof NotLeft) {
      await departure.undo();
      throw error.cause;
    }
    if (isAboutCustomer(error)) await noteAnswer(step, run, departure);
    throw error;
  } finally {
    departure.end();
  }
}

/** Bookkeeping after an answer. Its failure must not cost us the answer that we already have. */
async function noteAnswer(step: Step, { account }: StepRun, { grant }: Departure): Promise<void> {
  try {
    if (grant === undefined) return;
    await account.pacer.accepted(step.name, grant);
    if (grant.isProbe) await account.breaker.close();
  } catch (error) {
    const fields = { event: 'note_failed', step: step.name, error: (error as Error).message };
    account.logger.warn(fields, 'pace or breaker not updated');
  }
}
