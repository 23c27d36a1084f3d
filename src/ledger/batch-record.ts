/** What the ledger keeps of a batch. Read back through a schema, because Redis outlives a version of this program. */
import { z } from 'zod';
import { OUTCOMES, type OutcomeCounts } from './outcome.ts';

const BATCH_STATES = ['enqueuing', 'running', 'paused', 'cancelling', 'finished'] as const;
export type BatchState = (typeof BATCH_STATES)[number];
export const batchStateSchema = z.enum(BATCH_STATES);

const count = z.coerce.number().default(0);

const storedBatchSchema = z.object({
  id: z.string(),
  account: z.string(),
  name: z.string(),
  source: z.string(),
  by: z.string(),
  state: batchStateSchema,
  columns: z.string().transform((text) => z.array(z.string()).parse(JSON.parse(text))),
  created: z.coerce.number(),
  finished: z.coerce.number().optional(),
  notBefore: z.coerce.number().optional(),
  total: count,
  lastRow: count,
  throttled: count,
  parked: count,
  /** The batch pauses after more than this many identical refusals in a row; 0 for never. */
  maxFailures: count,
  priority: count,
  round: count,
  pausedWhy: z.string().optional(),
});

/** Times are milliseconds since 1970. */
export type Batch = Omit<z.output<typeof storedBatchSchema>, 'round'> & {
  /** Redrives that were begun, those of the kind `resume` included. */
  lastRedrive: number;
  /** Rows by outcome; they sum to `total`. */
  counts: OutcomeCounts;
};

/** The hash of a batch. It has one counter for each outcome, under the outcome's name. */
export function parseBatch(hash: Record<string, string>): Batch {
  const { round, ...batch } = storedBatchSchema.parse(hash);
  return { ...batch, lastRedrive: round, counts: countsOf(hash, (outcome) => outcome) };
}

/** Reads a counter for each outcome from the hash of a batch. */
export function countsOf(
  hash: Record<string, string>,
  fieldOf: (outcome: keyof OutcomeCounts) => string,
): OutcomeCounts {
  const counts = OUTCOMES.map((outcome) => [outcome, Number(hash[fieldOf(outcome)] ?? 0)]);
  return Object.fromEntries(counts);
}
