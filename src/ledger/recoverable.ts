/** The rows that the recurring redrive retries: those that failed for a temporary reason. */
import { accountKeys } from '../redis/keys.ts';
import type { LedgerAccess } from './access.ts';
import { CHUNK_ROWS } from './iterate-rows.ts';
import { type Place, parsePlace, placeText } from './place.ts';
import { iteratePortions } from './row-numbers.ts';

/** Oldest first. */
export async function listRecoverable({ redis, account }: LedgerAccess, limit: number): Promise<Place[]> {
  const members = await redis.zrange(accountKeys(account).recoverable, '0', String(limit - 1));
  return members.map(parsePlace);
}

/** Leaves a row out of the recurring redrive from now on. */
export async function dropRecoverable({ redis, account }: LedgerAccess, place: Place): Promise<void> {
  await redis.zrem(accountKeys(account).recoverable, placeText(place));
}

/** Leaves all rows of a batch out of the recurring redrive from now on. @returns how many were in it */
export async function withdrawRecoverable(ledger: LedgerAccess, batchId: string): Promise<number> {
  const { redis, account } = ledger;
  let withdrawn = 0;
  for await (const rows of iteratePortions(ledger, batchId, { outcomes: ['failed'], size: CHUNK_ROWS })) {
    const members = rows.map((row) => placeText({ batchId, row }));
    withdrawn += await redis.zrem(accountKeys(account).recoverable, ...members);
  }
  return withdrawn;
}

/** Whether the recurring redrive takes a row up again. */
export async function isRecoverable({ redis, account }: LedgerAccess, place: Place): Promise<boolean> {
  return (await redis.zscore(accountKeys(account).recoverable, placeText(place))) !== null;
}
