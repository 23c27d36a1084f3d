/** What the ledger keeps of a submit that succeeded. */
import { z } from 'zod';
import { placeSchema } from './place.ts';

export const submittedSchema = z.object({
  place: placeSchema,
  /** When it was written down, in milliseconds since 1970. */
  at: z.number(),
  fingerprint: z.string(),
  requestId: z.string().optional(),
  /** Of the upload, where a person settled the submit, so that it has no RequestId of its own. */
  authorizeRequestId: z.string().optional(),
  /** Number of the submit among all of the account. */
  seq: z.number(),
  /** Generation of the peer that accepted it. */
  generation: z.number(),
  /** Submits that succeeded so far. */
  count: z.number(),
});
export type SubmittedFact = z.output<typeof submittedSchema>;
