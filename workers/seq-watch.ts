/**
 * Notices that the ledger went back: a submit got a number that is no higher than an earlier one, so somebody put a backup
 * of Redis back, and what was sent since is not on record. The account is held until a person recovers it.
 */
import { hostname } from 'node:os';
import { ERROR_CODES } from '../src/error-codes.ts';
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
  /** When that was noted in the agreement store, in milliseconds since 1970, if it is known. */
  lastAt?: number;
}

/** Holds the account until somebody recovers it: Redis has forgotten submits, or all of them. */
export async function hold(
  { pause, logger, settings }: Holding,
  { seq, last, lastAt }: Numbers,
): Promise<void> {
  const why = seq === 0 ? 'LEDGER_EMPTY' : 'LEDGER_WENT_BACK';
  const fields = { event: 'ledger_went_back', code: why, seq, last, lastAt, hint: ERROR_CODES[why].hint };
  const what = seq === 0 ? 'Redis has none of the submits that were made' : 'the ledger went back';
  // Where a crash may forget what was confirmed, going back is what a person has accepted.
  if (settings.durability === 'relaxed') return logger.warn(fields, what);
  // Recovered in the meantime: what this process has seen is settled.
  if (!(await pause.hold(`${hostname()}:${process.pid}`, last, { why, lastAt }))) return;
  logger.error(fields, `${what}; nothing is sent for this account`);
}
