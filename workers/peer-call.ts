/** One call to the peer, limited or not; the account records whether it got an answer. */
import { AppError, isSilence } from '../src/errors.ts';
import type { Standing } from '../src/pace/note-failure.ts';
import type { Operation } from '../src/pace/outage-operations.ts';
import type { StepRun } from './step.ts';

const NOTHING_OPEN: Standing = {
  isOpen: false,
  hasBegun: false,
  isSame: false,
  wasProbe: false,
  wait: 0,
  since: 0,
};

/** The peer gave no proper answer. Whether that counts against this row depends on how the account stands. */
export class Unanswered extends Error {
  readonly error: AppError;
  readonly standing: Standing;

  constructor(error: AppError, standing: Standing) {
    super(error.message, { cause: error });
    this.name = 'Unanswered';
    this.error = error;
    this.standing = standing;
  }
}

/** The row's name for the pacer and for outages. */
export function rowName({ data: { batchId, row } }: Pick<StepRun, 'data'>): string {
  return `${batchId} ${row}`;
}

/** @throws Unanswered if the peer gave no proper answer, otherwise whatever the call throws */
export async function callPeer<T>(run: StepRun, operation: Operation, send: () => Promise<T>): Promise<T> {
  try {
    const answer = await send();
    run.account.calls.count(operation);
    await noteAnswer(run, operation);
    return answer;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    run.account.calls.count(operation, error);
    if (await isOnlyHere(run, operation, error)) throw asTrouble(error);
    if (isSilence(error)) throw new Unanswered(error, await noteFailure(run, operation, error));
    await noteAnswer(run, operation);
    throw error;
  }
}

/** A call that could not be sent from here, while others get answers, says nothing of the peer. */
async function isOnlyHere(run: StepRun, operation: Operation, error: AppError): Promise<boolean> {
  if (error.wasSent) return false;
  try {
    return await run.account.machine.isUnreachable(operation);
  } catch (trouble) {
    warn(run, operation, trouble);
    return false;
  }
}

function asTrouble(cause: AppError): AppError {
  return new AppError(cause.code, cause.message, { class: 'machine', wasSent: false, cause });
}

/** Awaited only by the row whose turn it was: once the outage is over, its next call must get through. */
async function noteAnswer(run: StepRun, operation: Operation): Promise<void> {
  run.account.machine.noteAnswer(operation);
  const noting = run.account.outage
    .noteAnswer(operation)
    .catch((error: unknown) => warn(run, operation, error));
  if (run.turn.isOurs) await noting;
}

async function noteFailure(run: StepRun, operation: Operation, error: AppError): Promise<Standing> {
  const { outage, logger } = run.account;
  try {
    const standing = await outage.noteFailure({ operation, row: rowName(run), error });
    const { hasBegun, isSame, since } = standing;
    const fields = { operation, code: error.shownCode, since: new Date(since).toISOString() };
    if (hasBegun && isSame)
      logger.warn({ event: 'outage_goes_on', ...fields }, 'the outage continues; it was over only briefly');
    else if (hasBegun)
      logger.error({ event: 'outage_began', ...fields }, 'the peer is not answering; rows wait');
    return standing;
  } catch (trouble) {
    warn(run, operation, trouble);
    return NOTHING_OPEN;
  }
}

/** A failure of this bookkeeping must not cost us the result of the call, which is already a fact. */
function warn({ account }: StepRun, operation: Operation, error: unknown): void {
  const fields = { event: 'note_failed', operation, error: (error as Error).message };
  account.logger.warn(fields, 'outage not updated');
}
