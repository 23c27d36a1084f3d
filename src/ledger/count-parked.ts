import { accountKeys } from '../redis/keys.ts';
import type { LedgerAccess } from './access.ts';

/** How many customers have a submit whose outcome nobody knows, and which a person must settle. */
export async function countParked({ redis, account }: LedgerAccess): Promise<number> {
  return redis.hlen(accountKeys(account).parked);
}
