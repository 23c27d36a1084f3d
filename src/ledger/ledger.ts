/**
 * The ledger: the durable record of what became of every row and every customer of one account. It decides what is
 * sent; queues only carry the work. Every change of a row is one Lua script, so the outcomes of a batch sum to its rows
 * at every moment, whatever is killed when.
 */
import type { RedisClient } from '../redis/connect.ts';
import { beginRedrive } from './begin-redrive.ts';
import { bind } from './bind.ts';
import { claimWithdrawal } from './claim-withdrawal.ts';
import { countThrottled } from './count-throttled.ts';
import { createBatch } from './create-batch.ts';
import { endRedrive } from './end-redrive.ts';
import { enroll } from './enroll.ts';
import { findInterrupted } from './find-interrupted.ts';
import { iterateChunks, iterateRows } from './iterate-rows.ts';
import { listActiveRows } from './list-active-rows.ts';
import { listBatches, listBatchIds, listFinishedBefore } from './list-batches.ts';
import { listRedrives, listUnfinishedRedrives } from './list-redrives.ts';
import { note, readLog } from './log.ts';
import { markCancelling } from './mark-cancelling.ts';
import { purge } from './purge.ts';
import { readBatch, requireBatch } from './read-batch.ts';
import { readColumns } from './read-columns.ts';
import { readCustomers } from './read-customers.ts';
import { readForRun } from './read-for-run.ts';
import { readRow } from './read-row.ts';
import { dropRecoverable, listRecoverable } from './recoverable.ts';
import { chooseSchedule, readSchedule } from './schedule.ts';
import { finish, seal } from './seal.ts';
import { transition } from './transition.ts';

const STATEMENTS = {
  createBatch,
  findInterrupted,
  enroll,
  seal,
  readBatch,
  requireBatch,
  readColumns,
  listBatches,
  listBatchIds,
  listActiveRows,
  listFinishedBefore,
  markCancelling,
  claimWithdrawal,
  countThrottled,
  finish,
  purge,
  note,
  readLog,
  transition,
  readRow,
  readForRun,
  iterateChunks,
  iterateRows,
  listRecoverable,
  dropRecoverable,
  readCustomers,
  beginRedrive,
  endRedrive,
  listUnfinishedRedrives,
  listRedrives,
  readSchedule,
  chooseSchedule,
};

export type Ledger = ReturnType<typeof createLedger>;

export function createLedger(redis: RedisClient, account: string, now: () => number = Date.now) {
  return { account, ...bind({ redis, account, now }, STATEMENTS) };
}
