/**
 * The ledger: the durable record of what became of every row and every customer of one account. It decides what is
 * sent; queues only carry the work. Every change is one Lua script that checks what it assumes, so the outcomes of a
 * batch sum to its rows at every moment, whatever is killed when. The scripts build on `base.lua` (keys),
 * `rows.lua` (a row with everything that counts it), `reviews.lua` (reviews of submits),
 * `claims.lua` (who may send a customer; parked attempts), `verdicts.lua` (what becomes of a row), `parked.lua` (rows in
 * doubt, and those that follow them), `waiting.lua` (rows that wait) and `customers.lua` (successes, and every change of a row with its customer in step).
 */
import type { RedisClient } from '../redis/connect.ts';
import { countAwaited, listAwaited } from './awaited.ts';
import { bind } from './bind.ts';
import { cancelRows } from './cancel-rows.ts';
import {
  beginRedrive,
  cancelBatch,
  claimWithdrawal,
  countThrottled,
  pauseBatch,
  prioritizeBatch,
  resumeBatch,
  seal,
} from './change-facts.ts';
import { countCodes } from './count-codes.ts';
import { countParked } from './count-parked.ts';
import { createBatch } from './create-batch.ts';
import { readCustomer } from './customer-facts.ts';
import { enroll } from './enroll.ts';
import { findBusy } from './find-busy.ts';
import { findInterrupted } from './find-interrupted.ts';
import { findRedrive, findRequested } from './find-requested.ts';
import { followUnparked, listUnparked } from './follow-unparked.ts';
import { iterateChunks, iterateRows } from './iterate-rows.ts';
import {
  iterateNewest,
  listBatches,
  listFinishedBefore,
  listIds,
  listUnfinished,
  listUnfinishedIds,
} from './list-batches.ts';
import { listMarks } from './list-marks.ts';
import { listRedrives } from './list-redrives.ts';
import { note, readLog } from './log.ts';
import { markRow } from './mark-row.ts';
import { mayBeReviewed } from './may-be-reviewed.ts';
import { keepObserved, noteLook, readLook, readObserved } from './observations.ts';
import { findOldestWaiting } from './oldest-waiting.ts';
import { purge } from './purge-rows.ts';
import { readBatch, requireBatch } from './read-batch.ts';
import { readFields } from './read-fields.ts';
import { readForRun } from './read-for-run.ts';
import { readRecords } from './read-records.ts';
import { readReviews, readSubmits, tryReadReviews } from './read-reviews.ts';
import { readRow, readRows, tryReadRows } from './read-row.ts';
import { readSeq } from './read-seq.ts';
import { recordReviews } from './record-reviews.ts';
import { recordSuccess } from './record-success.ts';
import { recoverRows } from './recover-rows.ts';
import { dropRecoverable, isRecoverable, listRecoverable } from './recoverable.ts';
import { redriveRows } from './redrive-rows.ts';
import { reserveRow } from './reserve-row.ts';
import { hasEvent, readAllEvents, readEvents, readEventsSince, readLastEventId } from './row-events.ts';
import { iterateNumbers, iteratePortions } from './row-numbers.ts';
import { chooseSchedule, readSchedule } from './schedule.ts';
import { serveWaiting } from './serve-waiting.ts';
import { settle } from './settle.ts';
import { transition } from './transition.ts';
import { withdrawRetries } from './withdraw-retries.ts';

const STATEMENTS = {
  createBatch,
  findInterrupted,
  findRequested,
  findRedrive,
  reserveRow,
  enroll,
  seal,
  cancelBatch,
  cancelRows,
  pauseBatch,
  prioritizeBatch,
  resumeBatch,
  claimWithdrawal,
  countThrottled,
  beginRedrive,
  redriveRows,
  listRedrives,
  purge,
  countCodes,
  countParked,
  readBatch,
  requireBatch,
  listBatches,
  iterateNewest,
  listFinishedBefore,
  listIds,
  listUnfinished,
  listUnfinishedIds,
  listMarks,
  findOldestWaiting,
  note,
  readLog,
  markRow,
  transition,
  recordSuccess,
  settle,
  listUnparked,
  followUnparked,
  recoverRows,
  readSeq,
  serveWaiting,
  readForRun,
  readRow,
  readRows,
  tryReadRows,
  readFields,
  readRecords,
  iterateChunks,
  iterateRows,
  iterateNumbers,
  iteratePortions,
  listRecoverable,
  dropRecoverable,
  isRecoverable,
  withdrawRetries,
  readCustomer,
  readEvents,
  readAllEvents,
  readEventsSince,
  readLastEventId,
  hasEvent,
  recordReviews,
  readReviews,
  tryReadReviews,
  mayBeReviewed,
  readSubmits,
  countAwaited,
  listAwaited,
  keepObserved,
  readObserved,
  readLook,
  noteLook,
  findBusy,
  readSchedule,
  chooseSchedule,
};

export type Ledger = ReturnType<typeof createLedger>;

export function createLedger(redis: RedisClient, account: string) {
  return { account, ...bind({ redis, account }, STATEMENTS) };
}
