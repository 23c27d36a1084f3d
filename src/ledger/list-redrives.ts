import { accountKeys, batchKeys } from '../redis/keys.ts';
import type { LedgerAccess } from './access.ts';
import {
  type CountedRedrive,
  countRedrive,
  parseMember,
  parseRedrive,
  type Redrive,
} from './redrive-record.ts';

/** Oldest first. */
export async function listRedrives(
  { redis, account }: LedgerAccess,
  batchId: string,
): Promise<CountedRedrive[]> {
  const { batch, redrives } = batchKeys(account, batchId);
  const [stored, hash] = await Promise.all([redis.hvals(redrives), redis.hgetall(batch)]);
  return stored.map((text) => countRedrive(hash, parseRedrive(text))).sort((a, b) => a.number - b.number);
}

/** Redrives that were begun before a time and never ended; one whose batch was purged is forgotten. */
export async function listUnfinishedRedrives(
  { redis, account }: LedgerAccess,
  begunBefore: number,
): Promise<{ batchId: string; redrive: Redrive }[]> {
  const { unfinishedRedrives } = accountKeys(account);
  const found = [];
  for (const member of await redis.zrangebyscore(unfinishedRedrives, '-inf', begunBefore)) {
    const { batchId, number } = parseMember(member);
    const text = await redis.hget(batchKeys(account, batchId).redrives, number);
    if (text) found.push({ batchId, redrive: parseRedrive(text) });
    else await redis.zrem(unfinishedRedrives, member);
  }
  return found;
}
