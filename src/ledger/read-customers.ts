import { z } from 'zod';
import { accountKeys } from '../redis/keys.ts';
import type { LedgerAccess } from './access.ts';
import { OUTCOMES } from './outcome.ts';

/** The account's memory of one customer, over all batches. */
const customerRecordSchema = z.object({
  fingerprint: z.string(),
  outcome: z.enum(OUTCOMES),
  batch: z.string(),
  row: z.number(),
  at: z.number(),
});
export type CustomerRecord = z.output<typeof customerRecordSchema>;

/** What all batches know of customers, in the order asked for. */
export async function readCustomers(
  { redis, account }: LedgerAccess,
  ids: readonly string[],
): Promise<(CustomerRecord | undefined)[]> {
  if (ids.length === 0) return [];
  const stored = await redis.hmget(accountKeys(account).customers, ...ids);
  return stored.map((text) => (text ? customerRecordSchema.parse(JSON.parse(text)) : undefined));
}
