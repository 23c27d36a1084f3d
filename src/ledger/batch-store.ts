/** The batches of one account: begun, sealed, paused, cancelled, kept and purged. */
import { type Columns, parseColumns } from '../customer/columns.ts';
import { AppError } from '../errors.ts';
import type { RedisClient } from '../redis/connect.ts';
import { accountKeys, batchKeys } from '../redis/keys.ts';
import { createScript } from '../redis/script.ts';
import { type Batch, type LogEntry, logEntrySchema, parseBatch } from './records.ts';
import { SEAL_SCRIPT } from './scripts.ts';

const REMEMBERED_BATCHES_MAX = 100;
const LOG_ENTRIES_MAX = 1_000;

export interface NewBatch {
  id: string;
  name: string;
  /** Where the rows came from, for people. */
  source: string;
  /** Identity of the rows; the same rows again find an import that was interrupted. */
  sourceKey: string;
  by: string;
  columns: string[];
  priority: number;
  /** Same refusals in a row after which the batch pauses; 0 for never. */
  maxFailures: number;
  /** When its rows may be sent first, in milliseconds since 1970; absent for at once. */
  notBefore?: number;
}

export type BatchStore = ReturnType<typeof createBatchStore>;

export function createBatchStore(redis: RedisClient, account: string, now: () => number) {
  const keys = accountKeys(account);
  const columnsOf = new Map<string, Columns>();
  const runSeal = createScript<string>(redis, SEAL_SCRIPT);

  /** Records a batch in the state `enqueuing`, before its first row. */
  async function createBatch(batch: NewBatch): Promise<void> {
    const { columns, sourceKey, ...facts } = batch;
    const fields = {
      ...facts,
      account,
      state: 'enqueuing',
      columns: JSON.stringify(columns),
      created: now(),
    };
    await redis
      .multi()
      .hset(batchKeys(account, batch.id).batch, fields)
      .zadd(keys.batches, fields.created, batch.id)
      .hset(keys.sources, sourceKey, batch.id)
      .exec();
  }

  /** The batch of an import of the same rows that was interrupted, if there is one. */
  async function findInterrupted(sourceKey: string): Promise<string | undefined> {
    const id = await redis.hget(keys.sources, sourceKey);
    const batch = id ? await readBatch(id) : undefined;
    return batch?.state === 'enqueuing' ? batch.id : undefined;
  }

  /** Ends the enqueuing of a batch. */
  async function seal(batchId: string, sourceKey: string): Promise<void> {
    await runSeal([batchKeys(account, batchId).batch], [now()]);
    await redis.hdel(keys.sources, sourceKey);
  }

  /** From here on no worker begins a row of this batch. */
  async function markCancelling(batchId: string): Promise<void> {
    await redis.hset(batchKeys(account, batchId).batch, 'state', 'cancelling');
  }

  /** @returns whether the caller is the one who shall withdraw the jobs of a batch that paused. */
  async function claimWithdrawal(batchId: string): Promise<boolean> {
    return (await redis.hsetnx(batchKeys(account, batchId).batch, 'withdrawn', '1')) === 1;
  }

  /** Ends a batch of which no row is under way. */
  async function finish(batchId: string): Promise<void> {
    await runSeal([batchKeys(account, batchId).batch], [now()]);
  }

  /** Keeps what a person did. */
  async function note(batchId: string, entry: Omit<LogEntry, 'at'>): Promise<void> {
    const { log } = batchKeys(account, batchId);
    await redis
      .multi()
      .rpush(log, JSON.stringify({ at: now(), ...entry }))
      .ltrim(log, -LOG_ENTRIES_MAX, -1)
      .exec();
  }

  /** Oldest first. */
  async function readLog(batchId: string): Promise<LogEntry[]> {
    const entries = await redis.lrange(batchKeys(account, batchId).log, 0, -1);
    return entries.map((text) => logEntrySchema.parse(JSON.parse(text)));
  }

  /** Removes a batch with its personal data; what is known of its customers are fingerprints, and stays. */
  async function purge(batchId: string): Promise<void> {
    const keysOfBatch = batchKeys(account, batchId);
    await redis.zrem(keys.batches, batchId);
    await redis.unlink(...Object.values(keysOfBatch));
  }

  /** Finished batches that ended before a time, oldest first. */
  async function listFinishedBefore(time: number): Promise<Batch[]> {
    const ids = await redis.zrangebyscore(keys.batches, '-inf', time);
    const batches = await Promise.all(ids.map((id) => readBatch(id)));
    return batches.filter(
      (batch) => batch?.state === 'finished' && (batch.finished ?? time) < time,
    ) as Batch[];
  }

  /** Counts a throttled call of a batch, for its progress line. */
  async function countThrottled(batchId: string): Promise<void> {
    await redis.hincrby(batchKeys(account, batchId).batch, 'throttled', 1);
  }

  async function readBatch(batchId: string): Promise<Batch | undefined> {
    const hash = await redis.hgetall(batchKeys(account, batchId).batch);
    return hash.id === undefined ? undefined : parseBatch(hash);
  }

  /** The columns of a batch; they never change, so a worker reads them once. */
  async function readColumns(batchId: string): Promise<Columns> {
    const known = columnsOf.get(batchId);
    if (known) return known;
    const columns = parseColumns((await requireBatch(batchId)).columns);
    if (columnsOf.size >= REMEMBERED_BATCHES_MAX) columnsOf.clear();
    columnsOf.set(batchId, columns);
    return columns;
  }

  async function requireBatch(batchId: string): Promise<Batch> {
    const batch = await readBatch(batchId);
    if (batch) return batch;
    throw new AppError('BATCH_UNKNOWN', `There is no batch ${batchId} in the account ${account}.`);
  }

  /** The newest batches first. */
  async function listBatches(limit: number): Promise<Batch[]> {
    const ids = await redis.zrevrange(keys.batches, 0, limit - 1);
    const batches = await Promise.all(ids.map((id) => readBatch(id)));
    return batches.filter((batch) => batch !== undefined);
  }

  return {
    createBatch,
    findInterrupted,
    seal,
    markCancelling,
    claimWithdrawal,
    finish,
    note,
    readLog,
    purge,
    listFinishedBefore,
    countThrottled,
    readBatch,
    readColumns,
    requireBatch,
    listBatches,
  };
}
