/** What is known of a customer over all batches. */
import { z } from 'zod';
import { accountKeys } from '../redis/keys.ts';
import type { LedgerAccess } from './access.ts';
import { type Place, parsePlace, placeSchema } from './place.ts';
import { type Decision, parseDecisions } from './review.ts';
import { type SubmittedFact, submittedSchema } from './submitted-fact.ts';

const parkedSchema = z.array(z.object({ place: placeSchema, seq: z.number(), fingerprint: z.string() }));

export interface CustomerFacts {
  /** The submit that counts: the one that was marked last of those that succeeded. */
  submitted: SubmittedFact | undefined;
  /** What people recorded about reviews of its submits, oldest first. */
  decisions: Decision[];
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
  const [submitted, reviews, claim, parked, rows] = await Promise.all(
    [keys.submitted, keys.reviews, keys.claims, keys.parked, keys.rowsOf].map((key) =>
      redis.hget(key, custSpaceId),
    ),
  );
  return {
    submitted: submitted ? submittedSchema.parse(JSON.parse(submitted)) : undefined,
    decisions: parseDecisions(reviews),
    claim: claim ? parsePlace(claim) : undefined,
    parked: parked ? parkedSchema.parse(JSON.parse(parked)) : [],
    rows: rows ? rows.split(',').map(parsePlace) : [],
  };
}
