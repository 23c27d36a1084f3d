/** What keeps the rows of a batch from moving, first things first. */
import type { Batch } from '../ledger/batch-record.ts';
import { countActive } from '../ledger/outcome.ts';
import { type AccountView, viewAccount } from '../onboarding/account-view.ts';
import { type Hold, sortHolds } from '../onboarding/holds.ts';
import type { LedgerAccount } from '../onboarding/open-ledger.ts';
import { countAhead } from '../queue/ahead.ts';
import { PRIORITY } from '../queue/priority.ts';
import { findPausedLeads } from './paused-leads.ts';

const MS_PER_SECOND = 1_000;
/** Batches that take less than this, in seconds, are not worth telling. */
const AHEAD_SECONDS_MIN = 10;

/** How a batch stands among everything that its account does. */
export interface Standing {
  account: AccountView;
  heldBy: Hold[];
  /** Rows of other batches that are sent first. */
  rowsAhead: number;
  /** Current interval between two calls of the slower step, in milliseconds. */
  intervalMs: number;
}

/** What all batches of an account share. */
export type SharedStanding = Pick<Standing, 'account' | 'intervalMs'>;

export async function readShared(open: LedgerAccount): Promise<SharedStanding> {
  const [account, intervalMs] = await Promise.all([viewAccount(open), open.pacer.slowestIntervalMs()]);
  return { account, intervalMs };
}

/** @param shared as read for another batch of the account a moment ago */
export async function readStanding(
  open: LedgerAccount,
  batch: Batch,
  shared?: SharedStanding,
): Promise<Standing> {
  const [{ account, intervalMs }, rowsAhead, pausedLeads] = await Promise.all([
    shared ?? readShared(open),
    countRowsAhead(open, batch),
    findPausedLeads(open.ledger, batch),
  ]);
  const facts = { rowsAhead, intervalMs, pausedLeads, now: open.now() };
  // Nothing holds a batch of which nothing is left to do.
  const isActive = countActive(batch.counts) > 0 || batch.state === 'paused';
  const heldBy = isActive ? sortHolds([...account.heldBy, ...batchHolds(batch, facts)]) : [];
  return { account, heldBy, rowsAhead, intervalMs };
}

interface BatchFacts extends Pick<Standing, 'rowsAhead' | 'intervalMs'> {
  /** The paused batches for which all of its rows wait. */
  pausedLeads: readonly string[];
  now: number;
}

/** What holds this batch, while others of its account may move. Pure. */
function batchHolds(batch: Batch, { rowsAhead, intervalMs, pausedLeads, now }: BatchFacts): Hold[] {
  const { id, state, pausedWhy, pausedBy, notBefore = 0, counts } = batch;
  const holds: Hold[] = [];
  if (state === 'paused') {
    const hint = `Once the cause is fixed: \`onboard resume ${id}\`.`;
    holds.push({ reason: 'batchPaused', by: pausedBy, why: pausedWhy, hint });
  }
  if (notBefore > now)
    holds.push({ reason: 'notBefore', until: notBefore, hint: 'Nothing to do: it starts by itself.' });
  const seconds = (rowsAhead * intervalMs) / MS_PER_SECOND;
  if (seconds >= AHEAD_SECONDS_MIN) {
    const hint = 'Nothing to do: its turn comes. The next batch can go first with a lower --priority.';
    holds.push({ reason: 'batchesAhead', rows: rowsAhead, seconds, hint });
  }
  if (counts.waiting > 0) holds.push(waitingHold(counts.waiting, pausedLeads));
  return holds;
}

function waitingHold(rows: number, [paused, ...others]: readonly string[]): Hold {
  if (paused !== undefined) {
    const hint = `Resume what they wait for: \`onboard resume ${paused}\`; or cancel it.`;
    return { reason: 'leadsPaused', rows, batches: [paused, ...others], hint };
  }
  const hint =
    'They continue when those batches are done with them; `onboard batches` shows if one is paused.';
  return { reason: 'rowsWait', rows, hint };
}

async function countRowsAhead({ redis, account, now }: LedgerAccount, batch: Batch): Promise<number> {
  const { id: batchId, lastRow, lastRedrive, counts, notBefore = 0 } = batch;
  if (countActive(counts) === 0 || batch.state === 'paused') return 0;
  return countAhead(
    { redis, account: account.ledger },
    {
      batchId,
      lastRow,
      lastRedrive,
      priority: batch.priority || PRIORITY.normal,
      rows: { upload: counts.pending, submit: counts.uploaded },
      isLater: notBefore > now(),
    },
  );
}
