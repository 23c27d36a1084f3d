/** What somebody who watches asks again and again: of one batch, and of all batches of an account. */
import type { Batch } from '../ledger/batch-record.ts';
import type { RowEvent } from '../ledger/row-events.ts';
import { type OfAccount, ofAccount } from '../onboarding/account-view.ts';
import { type AccountWork, viewWork } from '../onboarding/account-work.ts';
import type { Hold } from '../onboarding/holds.ts';
import type { LedgerAccount } from '../onboarding/open-ledger.ts';
import { readShared } from './held-by.ts';
import { judgeOne, type ListedBatch } from './list.ts';

/** Where a batch stands and what keeps it. */
export type WatchedBatch = ListedBatch & { heldBy: Hold[] };

/** Looks after which everything is asked again, although nothing of the batch has changed: its account may have. */
const LOOKS_BETWEEN = 4;
/** Batches of an account that are watched besides those that are not finished: the newest. */
const NEWEST_WATCHED = 100;

export class BatchWatch {
  readonly #open: LedgerAccount;
  readonly #batchId: string;
  #known = '';
  #looks = 0;

  constructor(open: LedgerAccount, batchId: string) {
    this.#open = open;
    this.#batchId = batchId;
  }

  lastEventId(): Promise<string> {
    return this.#open.ledger.readLastEventId(this.#batchId);
  }

  eventsAfter(after: string, count: number): Promise<RowEvent[]> {
    return this.#open.ledger.readEvents(this.#batchId, { after, count });
  }

  /** Whether nothing that happened after an event is missing from what is kept. */
  async isComplete(after: string): Promise<boolean> {
    return this.#open.ledger.hasEvent(this.#batchId, after);
  }

  /** @returns undefined if nothing has changed, and `gone` if the batch was deleted */
  async look(): Promise<WatchedBatch | 'gone' | undefined> {
    const batch = await this.#open.ledger.readBatch(this.#batchId);
    if (batch === undefined) return 'gone';
    const text = JSON.stringify(batch);
    const isDue = this.#looks++ % LOOKS_BETWEEN === 0;
    if (text === this.#known && !isDue) return undefined;
    this.#known = text;
    return judgeOne(this.#open, batch);
  }
}

export interface AccountLook {
  account: OfAccount<AccountWork>;
  /** Those that are not finished, and the newest. */
  batches: WatchedBatch[];
}

export class AccountWatch {
  readonly #open: LedgerAccount;

  constructor(open: LedgerAccount) {
    this.#open = open;
  }

  get name(): string {
    return this.#open.account.name;
  }

  async look(): Promise<AccountLook> {
    const { ledger } = this.#open;
    const [account, shared, unfinished, newest] = await Promise.all([
      viewWork(this.#open),
      readShared(this.#open),
      ledger.listUnfinished(),
      ledger.listBatches(NEWEST_WATCHED),
    ]);
    const all = new Map<string, Batch>([...newest, ...unfinished].map((batch) => [batch.id, batch]));
    const batches = await Promise.all(
      [...all.values()].map((batch) =>
        batch.state === 'finished'
          ? { batch, heldBy: [], etaSeconds: undefined }
          : judgeOne(this.#open, batch, shared),
      ),
    );
    return { account: ofAccount(this.#open, account), batches };
  }
}
