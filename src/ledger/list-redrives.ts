import { batchKeys } from '../redis/keys.ts';
import type { LedgerAccess } from './access.ts';
import { type CountedRedrive, countRedrive, parseRedrive } from './redrive-record.ts';

/** Oldest first. */
export async function listRedrives(
  { redis, account }: LedgerAccess,
  batchId: string,
): Promise<CountedRedrive[]> {
  const { batch, redrives } = batchKeys(account, batchId);
  const [stored, hash] = await Promise.all([redis.hvals(redrives), redis.hgetall(batch)]);
  return stored.map((text) => countRedrive(hash, parseRedrive(text))).sort((a, b) => a.number - b.number);
}
