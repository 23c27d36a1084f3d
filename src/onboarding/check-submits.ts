/** Whether Redis has forgotten submits: workers would hold the account as soon as they start. */
import type { AgreementStore } from '../agreement/store.ts';
import { readSubmitsOf } from '../agreement/submits-note.ts';
import type { ErrorCode } from '../error-codes.ts';
import { AppError } from '../errors.ts';
import type { Finding } from './finding.ts';
import { findLost, type LostSubmits } from './lost-submits.ts';
import type { LedgerAccount } from './open-ledger.ts';
import { openAgreementStore } from './open-store.ts';

/** @returns undefined if not, or if it cannot be told because the store cannot be read, which is a finding of its own */
export async function findForgotten(
  asked: Pick<LedgerAccount, 'account' | 'redis' | 'ledger' | 'pause' | 'settings'>,
  store: AgreementStore,
): Promise<Finding | undefined> {
  const { account, redis, ledger, pause } = asked;
  // Then the account is held by now, and says so.
  if ((await pause.read())?.why !== undefined) return undefined;
  try {
    const lost = await findLost(asked, store);
    if (lost) return finding('LEDGER_EMPTY', describeLost(lost));
    const noted = await readSubmitsOf({ redis, account: account.ledger }, store);
    const seq = await ledger.readSeq();
    if (noted <= seq) return undefined;
    return finding('LEDGER_WENT_BACK', `Redis has submit ${seq}, but submit ${noted} was made`);
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

function finding(code: ErrorCode, text: string): Finding {
  return { what: 'ledger', isOk: false, text, hint: new AppError(code, text).hint };
}

const describeLost = ({ last, lastAt }: LostSubmits) =>
  `Redis knows of no submit, but submit ${last} was made, and noted at ${new Date(lastAt).toISOString()}`;

export interface Noted {
  /** The highest number of a submit; 0 if the store cannot be read. */
  noted: number;
  /** If Redis knows of no submit at all: when the last was noted, in milliseconds since 1970. */
  lostUntil?: number;
}

/**
 * How far submits have come, for a recovery. Workers compare as well, so one that does without this is only held once more.
 * @param environment where credentials of the type `env` are found
 */
export async function readNoted(
  asked: Pick<LedgerAccount, 'account' | 'redis' | 'ledger' | 'settings' | 'logger'>,
  environment: NodeJS.ProcessEnv,
): Promise<Noted> {
  const { account, redis, settings, logger } = asked;
  try {
    const store = await openAgreementStore(settings, environment);
    const lost = await findLost(asked, store);
    if (lost) return { noted: lost.last, lostUntil: lost.lastAt };
    return { noted: await readSubmitsOf({ redis, account: account.ledger }, store) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    logger.warn({ event: 'note_unread', error: error.message }, 'how far submits have come is not known');
    return { noted: 0 };
  }
}
