/** Goes through the active rows of an account in portions, and gives a job to each that has none. */
import { giveJobs } from '../src/batch/give-jobs.ts';
import { readJobsDue } from '../src/batch/jobs-due.ts';
import { CHUNK_ROWS } from '../src/ledger/iterate-rows.ts';
import type { OpenAccount } from '../src/onboarding/open-account.ts';
import type { Complaints } from './complaints.ts';

/** A paused batch needs no jobs, and one being enqueued is getting them. A batch being cancelled needs them to end. */
const STATES = ['running', 'cancelling'] as const;

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
    const ids = await this.#account.ledger.listBatchIds(STATES);
    const begin = Math.max(ids.indexOf(this.#next?.batchId ?? ''), 0);
    for (const batchId of ids.slice(begin)) {
      await this.#complaints.guard(`batch ${batchId}`, () => this.#walkBatch(batchId, stroll));
      if (stroll.left <= 0 || ending.aborted) return { given: stroll.given, isOver: false };
    }
    this.rewind();
    return { given: stroll.given, isOver: true };
  }

  async #walkBatch(batchId: string, stroll: Stroll): Promise<void> {
    const first = this.#next?.batchId === batchId ? this.#next.row : 1;
    // Set before anything is read, so that the walk still advances if this batch cannot be read.
    this.#next = { batchId, row: first };
    const due = await readJobsDue(this.#account.ledger, batchId);
    const unreadable: number[] = [];
    for (let row = first; row <= due.batch.lastRow; row += CHUNK_ROWS) {
      if (stroll.left <= 0 || stroll.ending.aborted) break;
      const last = Math.min(row + CHUNK_ROWS - 1, due.batch.lastRow);
      this.#next = { batchId, row: last + 1 };
      stroll.left -= last - row + 1;
      const chunk = await giveJobs(this.#account, due, { first: row, last });
      stroll.given += chunk.given;
      unreadable.push(...chunk.unreadable);
    }
    if (unreadable.length === 0) return;
    throw new Error(`unreadable rows: ${unreadable.slice(0, 5).join(', ')} (${unreadable.length} in total)`);
  }
}
