/**
 * Notices that the ledger went back: a submit got a number that is no higher than an earlier one, so somebody put a backup
 * of Redis back, and what was sent since is not on record. The account is held until a person recovers it.
 */
import { hostname } from 'node:os';
import { AppError } from '../src/errors.ts';
import type { OpenAccount } from '../src/onboarding/open-account.ts';
import { NotNow } from '../src/pace/not-now.ts';

export class SeqWatch {
  /** Of the submits that this process marked, and that are on record for good. */
  #last = 0;

  /** Taken before a mark, for `check` after it. */
  get last(): number {
    return this.#last;
  }

  /** The mark is durable. */
  confirm(seq: number): void {
    this.#last = Math.max(this.#last, seq);
  }
}

/** Holds the account if the number is not above one that was given before. @throws NotNow if it does */
export async function assertForward(
  { pause, logger, settings }: Pick<OpenAccount, 'pause' | 'logger' | 'settings'>,
  { seq, last }: { seq: number; last: number },
): Promise<void> {
  if (seq > last) return;
  const error = new AppError('LEDGER_WENT_BACK', `Submit ${seq} follows submit ${last}.`);
  const fields = { event: 'ledger_went_back', seq, last, hint: error.hint };
  // Where a crash may forget what was confirmed, going back is what a person has accepted.
  if (settings.durability === 'relaxed') return logger.warn(fields, 'the ledger went back');
  await pause.hold(`${hostname()}:${process.pid}`, 'LEDGER_WENT_BACK');
  logger.error(fields, 'the ledger went back; nothing is sent for this account');
  throw new NotNow('paused', Number.POSITIVE_INFINITY);
}
