/** Whether Redis has forgotten submits: workers would hold the account as soon as they start. */
import type { AgreementStore } from '../agreement/store.ts';
import { readSubmitsOf } from '../agreement/submits-note.ts';
import { AppError } from '../errors.ts';
import type { Finding } from './finding.ts';
import type { LedgerAccount } from './open-ledger.ts';
import { openAgreementStore } from './open-store.ts';

/** @returns undefined if not, or if it cannot be told because the store cannot be read, which is a finding of its own */
export async function findForgotten(
  { account, redis, ledger, pause }: Pick<LedgerAccount, 'account' | 'redis' | 'ledger' | 'pause'>,
  store: AgreementStore,
): Promise<Finding | undefined> {
  // Then the account is held by now, and says so.
  if ((await pause.read())?.why !== undefined) return undefined;
  try {
    const noted = await readSubmitsOf({ redis, account: account.ledger }, store);
    const seq = await ledger.readSeq();
    if (noted <= seq) return undefined;
    const text = `Redis has submit ${seq}, but submit ${noted} was made`;
    return { what: 'ledger', isOk: false, text, hint: new AppError('LEDGER_WENT_BACK', text).hint };
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

/**
 * How far submits have come, for a recovery. Workers compare as well, so one that does without this is only held once more.
 * @param environment where credentials of the type `env` are found
 * @returns 0 if the store cannot be read
 */
export async function readNoted(
  { account, redis, settings, logger }: Pick<LedgerAccount, 'account' | 'redis' | 'settings' | 'logger'>,
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  try {
    const store = await openAgreementStore(settings, environment);
    return await readSubmitsOf({ redis, account: account.ledger }, store);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    logger.warn({ event: 'note_unread', error: error.message }, 'how far submits have come is not known');
    return 0;
  }
}
