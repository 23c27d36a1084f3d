/**
 * After a backup of Redis was put back: what was sent since then is not on record. Every row that may have been is
 * marked, so that whoever is sent twice is flagged; then the account goes on.
 */
import { AppError } from '../errors.ts';
import { CHUNK_ROWS } from '../ledger/iterate-rows.ts';
import type { Outcome } from '../ledger/outcome.ts';
import type { OpenAccount } from '../onboarding/open-account.ts';
import type { By } from './by.ts';
import { type Giving, giveJobsTo } from './give-jobs.ts';
import { bySchema, checkOrder } from './orders.ts';
import { goOn } from './resume.ts';

/** What was marked after a backup of Redis was put back. */
export interface Recovered {
  /** Those that have such rows. */
  batches: number;
  /** Rows that are marked as possibly sent. */
  rows: number;
  /** A person had paused the account, too: it goes on once it is resumed. */
  isPaused: boolean;
  /**
   * If Redis knew of no submit at all: when the last one was noted in the agreement store, in milliseconds since 1970. Who
   * was sent is not on record then, and is sent again when it is imported.
   */
  lostUntil?: number;
}

const DOUBTFUL: readonly Outcome[] = [
  'pending',
  'waiting',
  'uploading',
  'uploaded',
  'submitting',
  'failed',
  'cancelled',
];

export interface RecoverOrder extends By {
  /** The highest number of a submit that the agreement store has noted. */
  noted?: number;
  /** If Redis knows of no submit at all: when that was noted, in milliseconds since 1970. */
  lostUntil?: number;
}

type Recovering = Giving & Pick<OpenAccount, 'settings' | 'pause' | 'breaker' | 'logger'>;

/** Why the account does not go on by the end. */
const HELD_AGAIN = {
  forgotten:
    'Redis went back once more meanwhile, and what was marked is forgotten. Recover the account again.',
  hold: 'The account is held again: Redis went back once more meanwhile, or another recovery is under way. Recover it again.',
};

/**
 * Safe to repeat: a row that is marked twice only counts one lost answer more.
 * @throws AppError LEDGER_WENT_BACK if the account is held by something else by the end
 */
export async function recover(
  account: Recovering,
  { by, noted, ...order }: RecoverOrder,
): Promise<Recovered> {
  checkOrder(bySchema, { by });
  const { ledger, pause, logger } = account;
  // A recovery that died before has given Redis a number, and what was lost is known from the hold alone.
  const { lostUntil = (await pause.read())?.lastAt } = order;
  // Nothing is sent before every row is marked.
  const recovery = await pause.beginRecovery(by, noted, lostUntil);
  const parks = account.settings.chatApp.afterLostAnswer === 'park';
  const lost = lostUntil === undefined ? {} : { lostUntil };
  const result: Recovered = { batches: 0, rows: 0, isPaused: false, ...lost };
  for (const id of await ledger.listIds()) {
    const selection = { outcomes: DOUBTFUL, size: CHUNK_ROWS };
    const before = result.rows;
    for await (const rows of ledger.iteratePortions(id, selection)) {
      const { doubted, promoted } = await ledger.recoverRows(id, {
        rows,
        parks,
        by,
        recovery: recovery.token,
      });
      result.rows += doubted;
      await giveJobsTo(account, promoted);
    }
    if (result.rows > before) result.batches++;
  }
  const left = await pause.release(recovery);
  if (left === 'hold' || left === 'forgotten') throw new AppError('LEDGER_WENT_BACK', HELD_AGAIN[left]);
  result.isPaused = left === 'pause';
  if (!result.isPaused) await goOn(account, { by });
  logger.warn({ event: 'account_recovered', by, ...result }, 'rows that may have been sent are marked');
  return result;
}
