/** A page of the batches of some accounts, the newest first, with filters. */
import type { Batch } from '../ledger/batch-record.ts';
import type { BatchState } from '../ledger/batch-state.ts';
import type { BatchPlace } from '../ledger/list-batches.ts';
import { isStandstill } from '../onboarding/holds.ts';
import type { LedgerAccount } from '../onboarding/open-ledger.ts';
import { readShared, readStanding, type SharedStanding } from './held-by.ts';
import { progressOf } from './progress.ts';

/** Batches that are looked at for one page: a filter that fits few goes on with the next page. */
const LOOKED_AT_MAX = 2_000;

/** Which batches, and how many of them. */
export interface BatchesOrder {
  limit: number;
  /** The last batch of the page before. */
  after?: BatchPlace | undefined;
  states?: readonly BatchState[] | undefined;
  /** A part of the name, in any case. */
  name?: string | undefined;
  by?: string | undefined;
  /** Created from this time on, and before that one, in milliseconds since 1970. */
  from?: number | undefined;
  to?: number | undefined;
}

/** A batch as a list shows it. */
export interface ListedBatch {
  batch: Batch;
  /** Seconds until all of it is done; undefined while nothing moves, and of a finished one. */
  etaSeconds: number | undefined;
}

/** Batches, the newest first. */
export interface BatchesPage {
  batches: ListedBatch[];
  /** Where the next page goes on; undefined after the last one. */
  next: BatchPlace | undefined;
}

export async function listPage(
  accounts: readonly LedgerAccount[],
  order: BatchesOrder,
): Promise<BatchesPage> {
  const found: { open: LedgerAccount; batch: Batch }[] = [];
  let lookedAt = 0;
  let next: BatchPlace | undefined;
  for await (const each of mergeNewest(accounts, order)) {
    // One more than the page holds, or may look at, proves that there is another page.
    if (found.length === order.limit || lookedAt === LOOKED_AT_MAX)
      return { batches: await judge(found), next };
    lookedAt += 1;
    next = { created: each.batch.created, id: each.batch.id };
    if (fits(each.batch, order)) found.push(each);
  }
  return { batches: await judge(found), next: undefined };
}

/** Of several accounts as if they were one. */
async function* mergeNewest(accounts: readonly LedgerAccount[], { after, from, to }: BatchesOrder) {
  // A place before every batch of that time or later.
  const before = to === undefined || (after && after.created < to) ? after : { created: to - 1, id: '~' };
  const sources = await Promise.all(
    accounts.map(async (open) => {
      const batches = open.ledger.iterateNewest({ after: before, from });
      return { open, batches, head: await batches.next() };
    }),
  );
  for (;;) {
    const [newest] = sources.filter(({ head }) => !head.done).sort(byHead);
    if (newest === undefined || newest.head.done) return;
    yield { open: newest.open, batch: newest.head.value };
    newest.head = await newest.batches.next();
  }
}

interface Source {
  head: IteratorResult<Batch>;
}

function byHead({ head: a }: Source, { head: b }: Source): number {
  if (a.done || b.done) return 0;
  return b.value.created - a.value.created || (a.value.id < b.value.id ? 1 : -1);
}

function fits(batch: Batch, { states, name, by }: BatchesOrder): boolean {
  if (states !== undefined && !states.includes(batch.state)) return false;
  if (by !== undefined && batch.by !== by) return false;
  return name === undefined || batch.name.toLowerCase().includes(name.toLowerCase());
}

/** Says of each when it will be done. */
async function judge(found: readonly { open: LedgerAccount; batch: Batch }[]): Promise<ListedBatch[]> {
  const shared = new Map<LedgerAccount, Promise<SharedStanding>>();
  return Promise.all(
    found.map(async ({ open, batch }) => {
      if (batch.state === 'finished') return { batch, etaSeconds: undefined };
      if (!shared.has(open)) shared.set(open, readShared(open));
      return judgeOne(open, batch, await shared.get(open));
    }),
  );
}

/** @param shared as for `readStanding` */
export async function judgeOne(open: LedgerAccount, batch: Batch, shared?: SharedStanding) {
  const { heldBy, rowsAhead, intervalMs } = await readStanding(open, batch, shared);
  const look = { intervalMs, rowsAhead, now: open.now(), isStandstill: isStandstill(heldBy) };
  const isOver = batch.state === 'finished';
  return { batch, heldBy, etaSeconds: isOver ? undefined : progressOf(batch, look).etaSeconds };
}
