/**
 * What upkeep does for one batch: each row that is not done gets what it needs to go on. Nothing here is needed while
 * everything works; it completes what a process that died has begun, and restores what was lost.
 */
import type { Batch } from '../ledger/batch-record.ts';
import { CHUNK_ROWS } from '../ledger/iterate-rows.ts';
import { type Outcome, WORKED_OUTCOMES } from '../ledger/outcome.ts';
import { cancelWaitingRows } from './cancel.ts';
import { type GivenJobs, type Giving, giveJobs, giveJobsTo } from './give-jobs.ts';

/** An import adds the jobs of its rows itself; one that has not done so after this time has died, in milliseconds. */
const IMPORT_ADDS_WITHIN_MS = 60_000;
/** An import that has added nothing for this long stands still, in milliseconds. */
const IMPORT_STANDS_STILL_MS = 10 * 60_000;
const DAY_MS = 86_400_000;

/** A portion of the rows of a batch that need jobs. */
export interface Portion extends GivenJobs {
  /** Rows that were looked at. */
  checked: number;
  /** Number of the row after the last one. */
  next: number;
}

/** Goes through the rows that need jobs, from a row on, in portions. */
export async function* walkRows(giving: Giving, batch: Batch, from: number): AsyncGenerator<Portion> {
  const selection = { outcomes: outcomesDue(batch), from, size: CHUNK_ROWS };
  const olderThan = batch.sealedAt === undefined ? giving.now() - IMPORT_ADDS_WITHIN_MS : undefined;
  for await (const numbers of giving.ledger.iteratePortions(batch.id, selection)) {
    const given = await giveJobs(giving, batch, numbers, olderThan);
    yield { ...given, checked: numbers.length, next: (numbers.at(-1) ?? from) + 1 };
  }
}

/** A paused batch needs no jobs. One being cancelled needs them for calls whose worker died. */
function outcomesDue({ cancelledAt, pausedAt }: Batch): readonly Outcome[] {
  if (cancelledAt !== undefined) return ['uploading', 'submitting'];
  return pausedAt !== undefined ? [] : WORKED_OUTCOMES;
}

/** Ends what is to end, looks again at the rows that wait, and seals a stream after its day. */
export async function moveOn(giving: Giving, batch: Batch): Promise<void> {
  const { ledger } = giving;
  if (batch.cancelledAt !== undefined) await cancelWaitingRows(giving, batch.id);
  const waiting = { outcomes: ['waiting'], size: CHUNK_ROWS } as const;
  for await (const numbers of ledger.iteratePortions(batch.id, waiting))
    await giveJobsTo(giving, await ledger.serveWaiting(batch.id, numbers));
  if (batch.kind === 'stream' && batch.sealedAt === undefined && isOver(batch.created, giving.now()))
    await ledger.seal(batch.id);
}

/** Whether the UTC day of a time is over. */
const isOver = (time: number, now: number) => Math.floor(time / DAY_MS) < Math.floor(now / DAY_MS);

/** Whether an import has stopped in the middle: importing the same file again completes it. */
export async function standsStill({ ledger, now }: Giving, batch: Batch): Promise<boolean> {
  if (batch.kind !== 'import' || batch.sealedAt !== undefined) return false;
  const [last] = (await ledger.readRecords(batch.id, [batch.lastRow])).rows;
  return (last?.record.at ?? batch.created) < now() - IMPORT_STANDS_STILL_MS;
}
