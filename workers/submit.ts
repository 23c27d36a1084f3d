/**
 * Submits a customer's terms (limited). The only step that must not be repeated lightly: the row is marked as
 * `submitting`, with the name of this run, before the call. A run that finds such a mark knows that an earlier
 * call may have arrived without its answer, counts it as ambiguous and lets policy decide.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { giveJobsTo } from '../src/batch/give-jobs.ts';
import { customerOfKept } from '../src/customer/cells.ts';
import { AppError, isAboutCustomer } from '../src/errors.ts';
import { callLimited } from './call-limited.ts';
import { delay } from './job-moves.ts';
import { callPeer, rowName } from './peer-call.ts';
import { parkAtOf, repeatOrPark } from './repeat-or-park.ts';
import { rowFields } from './row-moves.ts';
import type { Step, StepRun } from './step.ts';

/** A call that is still in progress ends within the timeout plus this after its mark, in milliseconds. */
const CALL_MARGIN_MS = 10_000;
/** How long a living process is waited for, and how often it is looked at, in milliseconds. */
const LIVING_OWNER_MS_MAX = 10 * 60_000;
const LIVING_OWNER_LOOK_MS = 10_000;
const INSIST_TRIES_MAX = 40;
const INSIST_EVERY_MS = 250;

export const submitStep: Step = {
  name: 'submit',
  before: 'uploaded',
  during: 'submitting',
  isExclusive: true,
  isDue: (outcome) => outcome === 'uploaded' || outcome === 'submitting',
  perform,
  beforeProbe: askHarmlessly,
  handOver: async () => undefined,
};

async function perform(run: StepRun): Promise<void> {
  const { account, stored, data } = run;
  if (stored.record.outcome === 'submitting') return takeOver(run);
  const customer = customerOfKept(stored.input);
  const credentials = await account.readCredentials();
  const { isvTerms } = stored.record;
  if (isvTerms === undefined)
    throw new AppError('AGREEMENT_LOST', 'The ledger has no record of the uploaded file.');
  const { answer, record } = await callLimited(submitStep, run, (leave) =>
    account.chatApp.submit(credentials, customer, isvTerms, leave),
  );
  const { requestId } = answer;
  const write = () => account.ledger.recordSuccess({ ...data, record, requestId });
  const isWritten = account.results.keep(write);
  const { promoted } = await insist(write);
  isWritten();
  account.logger.info({ event: 'row_submitted', ...rowFields(run), requestId }, 'row submitted');
  await giveJobsTo(account, promoted);
}

/** A submit that gets no answer may have been carried out, so an outage is probed by the other operation first. */
async function askHarmlessly(run: StepRun): Promise<void> {
  const { account, data, stopping } = run;
  const credentials = await account.readCredentials();
  await account.pacer.take('upload', stopping, { row: rowName(run) });
  try {
    await callPeer(run, 'authorize', () => account.chatApp.authorize(credentials, data.custSpaceId));
  } catch (error) {
    if (!isAboutCustomer(error)) throw error;
  }
}

/**
 * A success that cannot be written down would be sent again. Redis may be full or a replica for a moment, so this
 * tries for as long as another worker would take the row for lost.
 */
async function insist<T>(write: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await write();
    } catch (error) {
      if (error instanceof AppError || tries >= INSIST_TRIES_MAX) throw error;
      await sleep(INSIST_EVERY_MS);
    }
  }
}

/** Another process that still lives writes its answer down itself, however late. */
async function isElsewhere(
  { account: { heartbeats } }: StepRun,
  process: string | undefined,
): Promise<boolean> {
  return process !== undefined && process !== heartbeats.processId && (await heartbeats.has(process));
}

/** An earlier run marked the row and never reported: it was killed, or it is still waiting for its answer. */
async function takeOver(run: StepRun): Promise<void> {
  const { account, stored, data } = run;
  const { at, markedAt = at, token: fence, process } = stored.record;
  const longestMs = account.settings.chatApp.timeoutMs + CALL_MARGIN_MS;
  const waitMs = markedAt + longestMs - stored.now;
  // Longer than any call: marked by a clock that has been set back since, so only the owner can tell.
  if (waitMs > 0 && waitMs <= longestMs) return delay(run, waitMs);
  if (stored.now - markedAt < LIVING_OWNER_MS_MAX && (await isElsewhere(run, process)))
    return delay(run, LIVING_OWNER_LOOK_MS);
  const message = 'submit: the worker ended before the answer arrived';
  const { shownCode: code, hint } = new AppError('PEER_TIMEOUT', message, { class: 'ambiguous' });
  const patch = { code, message, hint, class: 'ambiguous' } as const;
  const move = {
    ...data,
    to: 'uploaded',
    add: { ambiguous: 1 },
    patch,
    fence,
    parkAt: parkAtOf(run),
  } as const;
  const { record, promoted } = await account.ledger.transition(move);
  await giveJobsTo(account, promoted);
  return repeatOrPark(run, record);
}
