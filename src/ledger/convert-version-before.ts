/** From what version 0.1 has left in Redis to a ledger of this version. */
import { AppError } from '../errors.ts';
import type { RedisClient } from '../redis/connect.ts';
import { accountKeys, ledgerNameOf, type PeerKind } from '../redis/keys.ts';

/**
 * Whether Redis holds data of version 0.1 for an account. That version did not record its peer, so its rehearsals cannot
 * be told from registrations: a person must say which they were.
 * @param account its plain name
 */
export async function holdsVersionBefore(redis: RedisClient, account: string): Promise<boolean> {
  const { batches, customers, peer } = accountKeys(ledgerNameOf('real', account));
  // In this order: this version records the peer before anything else.
  const data = await redis.exists(batches, customers);
  return data > 0 && (await redis.exists(peer)) === 0;
}

export interface Conversion {
  /** Prefix of the keys of version 0.1, in braces. */
  from: string;
  /** Name of the ledger. */
  to: string;
  /** What a person says that its peer was. */
  as: PeerKind;
}

/**
 * Converts the rows and customers of version 0.1; jobs are given by upkeep. Must leave nothing behind that
 * `holdsVersionBefore` finds, unless `from` is the prefix of `to`: the caller records the peer afterwards, and an adoption
 * that was interrupted is run again from the start.
 * @throws AppError ADOPTION_NEEDED
 */
export async function convert(_redis: RedisClient, { from, to }: Conversion): Promise<void> {
  throw new AppError('ADOPTION_NEEDED', `This build cannot convert ${from} to ${to}.`, {
    hint: 'Use a released version.',
  });
}
