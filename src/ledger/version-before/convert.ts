/**
 * Takes over what version 0.1 left in Redis, batch by batch, the oldest first; a conversion that was interrupted is
 * completed by another one. Nothing else may use the ledger meanwhile. What is converted is deleted from where it was.
 */
import type { RedisClient } from '../../redis/connect.ts';
import { accountKeys, batchKeys, ledgerKey, prefixOf } from '../../redis/keys.ts';
import { redisTime } from '../../redis/time.ts';
import type { LedgerAccess } from '../access.ts';
import { indexAwaited } from '../index-awaited.ts';
import { CHUNK_ROWS } from '../iterate-rows.ts';
import { convertRows } from './convert-rows.ts';
import { factsOf, parseFormerRedrive, rowOf, submittedOf } from './records.ts';

export interface Conversion {
  /** What the keys of the version before begin with. */
  from: string;
  /** The ledger that takes them over. */
  to: string;
}

/** Keys that a ledger of this version has under other names, or not at all. */
const REPLACED = [
  'customers',
  'schedule',
  'sources',
  'recoverable',
  'unfinishedRedrives',
  'upkeep',
  'upkeepReport',
];
/** Keys that it goes on with; those of a rehearsal must not be taken for real. */
const SHARED = [
  ...['breaker', 'outage', 'outage:last', 'outage:spent', 'paused', 'standstills', 'firstRuns'],
  ...['pace:authorize', 'pace:submit'],
];
const SCAN_COUNT = '500';
const MICROSECONDS_PER_MS = 1_000;

/** @returns how many batches were converted */
export async function convertVersionBefore(redis: RedisClient, { from, to }: Conversion): Promise<number> {
  const ledger = { redis, account: to };
  const now = Math.floor((await redisTime(redis, ledgerKey(to))) / MICROSECONDS_PER_MS);
  await convertCustomers(ledger, `${from}:customers`);
  const schedule = await redis.get(`${from}:schedule`);
  if (schedule !== null) await redis.set(accountKeys(to).schedule, schedule);
  const sourceOf = new Map(
    Object.entries(await redis.hgetall(`${from}:sources`)).map(([key, id]) => [id, key] as const),
  );
  const ids = await redis.zrange(`${from}:batches`, '0', '-1');
  for (const id of ids) {
    await convertBatch(ledger, { from: `${from}:batch:${id}`, id, sourceKey: sourceOf.get(id), now });
    await redis.zrem(`${from}:batches`, id);
  }
  await indexAwaited(ledger);
  // Submits had no numbers; their times take their place.
  await redis.hset(`${ledgerKey(to)}:counters`, 'seq', now);
  const rest = from === prefixOf(to) ? REPLACED : [...REPLACED, ...SHARED];
  await redis.unlink(...rest.map((name) => `${from}:${name}`));
  return ids.length;
}

async function convertCustomers({ redis, account }: LedgerAccess, key: string): Promise<void> {
  let cursor = '0';
  do {
    const [next, entries] = await redis.hscan(key, cursor, 'COUNT', SCAN_COUNT);
    cursor = next;
    const facts = entries.flatMap((id, index) => {
      const fact = index % 2 === 0 ? submittedOf(entries[index + 1] ?? '{}') : undefined;
      return fact === undefined ? [] : [id, JSON.stringify(fact)];
    });
    // What rows have said since is better known.
    for (let at = 0; at < facts.length; at += 2)
      await redis.hsetnx(accountKeys(account).submitted, facts[at] ?? '', facts[at + 1] ?? '');
  } while (cursor !== '0');
}

interface FormerBatch {
  /** What its keys begin with. */
  from: string;
  id: string;
  sourceKey: string | undefined;
  now: number;
}

async function convertBatch(ledger: LedgerAccess, former: FormerBatch): Promise<void> {
  const { redis, account } = ledger;
  const { from, id, sourceKey, now } = former;
  const keys = batchKeys(account, id);
  const hash = await redis.hgetall(from);
  if (hash.id !== undefined) {
    const { facts, columns } = factsOf(hash, { sourceKey, now });
    await redis.hset(keys.batch, facts);
    const redrives = (await redis.hvals(`${from}:redrives`)).map(parseFormerRedrive);
    for (const { kind, ...redrive } of redrives)
      if (kind === 'redrive') await redis.hset(keys.redrives, redrive.round, JSON.stringify(redrive));
    for (let first = 1; first <= Number(hash.lastRow ?? 0); first += CHUNK_ROWS)
      await convertChunk(ledger, { ...former, columns, redrives, first });
    await moveLists(ledger, former);
    await redis.zadd(accountKeys(account).batches, Number(hash.created), id);
    if (sourceKey !== undefined) await redis.hset(accountKeys(account).sources, sourceKey, id);
  }
  const parts = ['rows', 'inputs', 'events', 'log', 'redrives'];
  await redis.unlink(from, ...parts.map((part) => `${from}:${part}`));
}

async function convertChunk(
  ledger: LedgerAccess,
  {
    from,
    id,
    first,
    ...more
  }: FormerBatch & { first: number } & Pick<Parameters<typeof rowOf>[1], 'columns' | 'redrives'>,
): Promise<void> {
  const numbers = Array.from({ length: CHUNK_ROWS }, (_, index) => String(first + index));
  const [records, inputs] = await Promise.all(
    ['rows', 'inputs'].map((part) => ledger.redis.hmget(`${from}:${part}`, ...numbers)),
  );
  const rows = numbers.flatMap((number, index) => {
    const [record, input] = [records?.[index], inputs?.[index]];
    return record && input ? [rowOf(Number(number), { record, input, ...more })] : [];
  });
  await convertRows(ledger, id, rows);
}

/** History and events of a batch, as they are. */
async function moveLists({ redis, account }: LedgerAccess, { from, id }: FormerBatch): Promise<void> {
  const keys = batchKeys(account, id);
  const log = await redis.lrange(`${from}:log`, 0, -1);
  if (log.length > 0)
    await redis
      .multi()
      .del(keys.log)
      .rpush(keys.log, ...log)
      .exec();
}
