/**
 * Notices that the ledger went back: a submit got a number that is no higher than an earlier one, so somebody put a backup
 * of Redis back, and what was sent since is not on record. The account is held until a person recovers it.
 */
import { hostname } from 'node:os';
import { AppError } from '../src/errors.ts';
import type { OpenAccount } from '../src/onboarding/open-account.ts';
import { NotNow } from '../src/pace/not-now.ts';

export class SeqWatch {
  /** Of the submits that this process knows: those that it marked, on record for good, and those noted in the store. */
  #last = 0;

  /** Taken before a mark, for `check` after it. */
  get last(): number {
    return this.#last;
  }

  /** The mark is durable, or the submit was noted elsewhere. */
  confirm(seq: number): void {
    this.#last = Math.max(this.#last, seq);
  }
}

type Holding = Pick<OpenAccount, 'pause' | 'logger' | 'settings'>;

/** Holds the account if the number is not above one that was given before. @throws NotNow if it does */
export async function assertForward(account: Holding, { seq, last }: Numbers): Promise<void> {
  if (seq > last) return;
  await hold(account, { seq, last });
  if (account.settings.durability === 'durable') throw new NotNow('paused', Number.POSITIVE_INFINITY);
}

export interface Checked extends Holding, Pick<OpenAccount, 'ledger'> {
  seqWatch: SeqWatch;
}

/**
 * Holds the account if Redis has forgotten a submit that this process knows of, which others may send again. To be called
 * whenever a Redis comes back, while all processes hold their calls for one window.
 */
export async function checkForward(account: Checked): Promise<void> {
  const { last } = account.seqWatch;
  const seq = await account.ledger.readSeq();
  if (seq < last) await hold(account, { seq, last });
}

interface Numbers {
  /** Of the newest submit, as Redis has it. */
  seq: number;
  /** Of the newest submit that this process knows. */
  last: number;
}

async function hold({ pause, logger, settings }: Holding, { seq, last }: Numbers): Promise<void> {
  const error = new AppError('LEDGER_WENT_BACK', `Redis has submit ${seq}, but submit ${last} was made.`);
  const fields = { event: 'ledger_went_back', seq, last, hint: error.hint };
  // Where a crash may forget what was confirmed, going back is what a person has accepted.
  if (settings.durability === 'relaxed') return logger.warn(fields, 'the ledger went back');
  // Recovered in the meantime: what this process has seen is settled.
  if (!(await pause.hold(`${hostname()}:${process.pid}`, last))) return;
  logger.error(fields, 'the ledger went back; nothing is sent for this account');
}
