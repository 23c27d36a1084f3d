import type { RedisClient } from '../../redis/connect.ts';
import { accountKeys, formerKeys, ledgerNameOf } from '../../redis/keys.ts';

/**
 * Whether Redis holds data of version 0.1 for an account. That version did not record its peer, so its rehearsals cannot
 * be told from registrations: a person must say which they were.
 * @param account its plain name
 */
export async function holdsVersionBefore(redis: RedisClient, account: string): Promise<boolean> {
  const { batches, customers } = formerKeys(account);
  // In this order: this version records the peer before anything else.
  const data = await redis.exists(batches, customers);
  return data > 0 && (await redis.exists(accountKeys(ledgerNameOf('real', account)).peer)) === 0;
}
