/** What is known of a customer over all batches. */
import { z } from 'zod';
import { accountKeys } from '../redis/keys.ts';
import type { LedgerAccess } from './access.ts';
import { type Place, parsePlace, placeSchema } from './place.ts';

const submittedSchema = z.object({
  place: placeSchema,
  /** When it was written down, in milliseconds since 1970. */
  at: z.number(),
  fingerprint: z.string(),
  requestId: z.string().optional(),
  /** Number of the submit among all of the account. */
  seq: z.number(),
  /** Generation of the peer that accepted it. */
  generation: z.number(),
  /** Submits that succeeded so far. */
  count: z.number(),
});

const parkedSchema = z.array(z.object({ place: placeSchema, seq: z.number(), fingerprint: z.string() }));

export interface CustomerFacts {
  /** The submit that counts: the one that was marked last of those that succeeded. */
  submitted: z.output<typeof submittedSchema> | undefined;
  /** The row that may send the customer now, unless that row is over. */
  claim: Place | undefined;
  /** Attempts whose outcome is unknown. */
  parked: z.output<typeof parkedSchema>;
  /** Every row that the customer ever had and that is kept, oldest first. */
  rows: Place[];
}

export async function readCustomer(
  { redis, account }: LedgerAccess,
  custSpaceId: string,
): Promise<CustomerFacts> {
  const keys = accountKeys(account);
  const [submitted, claim, parked, rows] = await Promise.all(
    [keys.submitted, keys.claims, keys.parked, keys.rowsOf].map((key) => redis.hget(key, custSpaceId)),
  );
  return {
    submitted: submitted ? submittedSchema.parse(JSON.parse(submitted)) : undefined,
    claim: claim ? parsePlace(claim) : undefined,
    parked: parked ? parkedSchema.parse(JSON.parse(parked)) : [],
    rows: rows ? rows.split(',').map(parsePlace) : [],
  };
}
