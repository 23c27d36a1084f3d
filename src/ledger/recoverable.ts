/** The rows that the recurring redrive retries: those that failed for a temporary reason. */
import { accountKeys } from '../redis/keys.ts';
import type { LedgerAccess } from './access.ts';
import { type Place, parsePlace, placeText } from './place.ts';

/** Oldest first. */
export async function listRecoverable({ redis, account }: LedgerAccess, limit: number): Promise<Place[]> {
  const members = await redis.zrange(accountKeys(account).recoverable, '0', String(limit - 1));
  return members.map(parsePlace);
}

/** Leaves a row out of the recurring redrive from now on. */
export async function dropRecoverable({ redis, account }: LedgerAccess, place: Place): Promise<void> {
  await redis.zrem(accountKeys(account).recoverable, placeText(place));
}

/** Whether the recurring redrive takes a row up again. */
export async function isRecoverable({ redis, account }: LedgerAccess, place: Place): Promise<boolean> {
  return (await redis.zscore(accountKeys(account).recoverable, placeText(place))) !== null;
}
