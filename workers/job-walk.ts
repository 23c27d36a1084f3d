/** Goes through the rows of an account that are not done, in portions: gives jobs to those that have none. */
import type { Giving } from '../src/batch/give-jobs.ts';
import { moveOn, standsStill, walkRows } from '../src/batch/walk-batch.ts';
import type { OpenAccount } from '../src/onboarding/open-account.ts';
import type { Complaints } from './complaints.ts';

export interface WalkLimits {
  /** Rows to check at most. */
  rows: number;
  /** Aborted to end the walk early. */
  ending: AbortSignal;
}

export interface Walked {
  /** Rows that were given a job. */
  given: number;
  /** Whether the walk has reached the last row. */
  isOver: boolean;
}

/** What a walk may still do, and what it has done so far. */
interface Stroll {
  left: number;
  given: number;
  ending: AbortSignal;
}

export class JobWalk {
  readonly #account: OpenAccount;
  readonly #complaints: Complaints;
  /** The next batch and row; if that batch no longer exists, the walk starts from the beginning. */
  #next: { batchId: string; row: number } | undefined;

  constructor(account: OpenAccount, complaints: Complaints) {
    this.#account = account;
    this.#complaints = complaints;
  }

  /** Makes the next walk start at the first row. */
  rewind(): void {
    this.#next = undefined;
  }

  /** Continues where the last walk ended. A batch or a row that cannot be read does not stop the others. */
  async run({ rows, ending }: WalkLimits): Promise<Walked> {
    const stroll = { left: rows, given: 0, ending };
    const ids = await this.#account.ledger.listUnfinishedIds();
    const begin = Math.max(ids.indexOf(this.#next?.batchId ?? ''), 0);
    for (const batchId of ids.slice(begin)) {
      await this.#complaints.guard(`batch ${batchId}`, () => this.#walkBatch(batchId, stroll));
      if (stroll.left <= 0 || ending.aborted) return { given: stroll.given, isOver: false };
    }
    this.rewind();
    return { given: stroll.given, isOver: true };
  }

  async #walkBatch(batchId: string, stroll: Stroll): Promise<void> {
    const account: Giving = this.#account;
    const first = this.#next?.batchId === batchId ? this.#next.row : 1;
    // Set before anything is read, so that the walk still advances if this batch cannot be read.
    this.#next = { batchId, row: first };
    const batch = await account.ledger.requireBatch(batchId);
    const unreadable: number[] = [];
    for await (const portion of walkRows(account, batch, first)) {
      this.#next = { batchId, row: portion.next };
      stroll.left -= portion.checked;
      stroll.given += portion.given;
      unreadable.push(...portion.unreadable);
      if (stroll.left <= 0 || stroll.ending.aborted) break;
    }
    if (first === 1) await moveOn(account, batch);
    if (unreadable.length > 0)
      throw new Error(
        `unreadable rows: ${unreadable.slice(0, 5).join(', ')} (${unreadable.length} in total)`,
      );
    if (await standsStill(account, batch))
      throw new Error('its import stands still: import the same file again to complete it, or cancel it');
  }
}
