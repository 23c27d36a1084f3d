/**
 * Submits a customer's terms (limited). The only step that must not be repeated lightly: the row is marked as
 * `submitting`, with the name of this run, before the call. A run that finds such a mark knows that an earlier
 * call may have arrived without its answer, counts it as ambiguous and lets policy decide.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { customerOfStored } from '../src/customer/validate.ts';
import { AppError } from '../src/errors.ts';
import { callLimited, type Step, type StepRun } from './step.ts';
import { delay, repeatOrPark } from './verdict.ts';

/** From the mark on, a call that is still under way ends within timeout + this, in milliseconds. */
const CALL_MARGIN_MS = 10_000;
const INSIST_TRIES_MAX = 40;
const INSIST_EVERY_MS = 250;

export const submitStep: Step = {
  operation: 'submit',
  before: 'uploaded',
  during: 'submitting',
  isExclusive: true,
  isDue: (outcome) => outcome === 'uploaded' || outcome === 'submitting',
  run,
  handOver: async () => undefined,
};

async function run(step: StepRun): Promise<void> {
  const { runtime, stored, data } = step;
  if (stored.record.outcome === 'submitting') return takeOver(step);
  const columns = await runtime.ledger.readColumns(data.batchId);
  const customer = customerOfStored(columns, stored.input.values);
  const credentials = await runtime.readCredentials();
  const isvTerms = stored.record.isvTerms;
  if (isvTerms === undefined)
    throw new AppError('AGREEMENT_LOST', 'The ledger does not know the uploaded file.');

  const answer = await callLimited(submitStep, step, () =>
    runtime.chatApp.submit(credentials, customer, isvTerms),
  );
  const patch = { requestId: answer.requestId };
  await insist(() => runtime.ledger.transition({ ...data, to: 'submitted', patch }));
  const { batchId: batch, row, custSpaceId } = data;
  runtime.logger.info(
    { event: 'row_submitted', batch, row, custSpaceId, requestId: answer.requestId },
    'submitted',
  );
}

/**
 * A success that cannot be written down would be sent again. Redis may be full or a replica for a moment, so this
 * tries for as long as another worker would take the row for lost.
 */
async function insist(write: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await write();
      return;
    } catch (error) {
      if (error instanceof AppError || tries >= INSIST_TRIES_MAX) throw error;
      await sleep(INSIST_EVERY_MS);
    }
  }
}

/** An earlier run marked the row and never reported: it was killed, or it is still waiting for its answer. */
async function takeOver(step: StepRun): Promise<void> {
  const { runtime, stored, data } = step;
  const endsAt = stored.record.at + runtime.config.CHATAPP_TIMEOUT_MS + CALL_MARGIN_MS;
  if (Date.now() < endsAt) return delay(step, endsAt - Date.now());
  const record = await runtime.ledger.transition({
    ...data,
    to: 'uploaded',
    add: { ambiguous: 1 },
    fence: stored.record.token,
  });
  const lost = new AppError('PEER_TIMEOUT', 'submit: the worker ended before the answer came', {
    class: 'ambiguous',
  });
  return repeatOrPark(step, record.ambiguous, lost);
}
