/** What the ledger keeps of a batch. Read back through a schema, because Redis outlives a version of this program. */
import { z } from 'zod';
import { type BatchState, batchStateOf } from './batch-state.ts';
import { countActive, OUTCOMES, type OutcomeCounts } from './outcome.ts';
import { REVIEWS, type ReviewCounts } from './review.ts';

/** An `import` is sealed when all of its rows are there; a `stream` takes rows for a day. */
export const BATCH_KINDS = ['import', 'stream'] as const;

const count = z.coerce.number().default(0);
const time = z.coerce.number().optional();
const jsonOf = <Schema extends z.ZodType>(schema: Schema) =>
  z.string().transform((text) => schema.parse(JSON.parse(text)));

const storedBatchSchema = z.object({
  id: z.string(),
  account: z.string(),
  name: z.string(),
  source: z.string(),
  by: z.string(),
  kind: z.enum(BATCH_KINDS),
  columns: jsonOf(z.array(z.string())),
  /** Where each field of a customer is among the columns. */
  fieldColumns: jsonOf(z.array(z.number())),
  created: z.coerce.number(),
  finished: time,
  sealedAt: time,
  /** `cancel` if that was before all rows of an import were there, and they still may come. */
  sealedBy: z.string().optional(),
  cancelledAt: time,
  cancelledBy: z.string().optional(),
  pausedAt: time,
  /** The code of the refusals by which the batch paused itself; absent if a person paused it. */
  pausedWhy: z.string().optional(),
  pausedBy: z.string().optional(),
  notBefore: time,
  /** A purge has begun. */
  purgingAt: time,
  total: count,
  lastRow: count,
  throttled: count,
  parked: count,
  /** Rows whose last call failed, and which are tried again. Batches that an earlier version began may count too few. */
  retrying: count.transform((rows) => Math.max(0, rows)),
  /** The batch pauses after more than this many identical refusals in a row; 0 for never. */
  maxFailures: count,
  priority: count,
  round: count,
});

/** Times are milliseconds since 1970. */
export type Batch = Omit<z.output<typeof storedBatchSchema>, 'round'> & {
  state: BatchState;
  /** Redrives that were begun. */
  lastRedrive: number;
  /** Rows by outcome; they sum to `total`. */
  counts: OutcomeCounts;
  /** Reviews of its rows; a row of which newer data was submitted meanwhile is not among the awaited ones. */
  reviews: ReviewCounts;
};

/** The hash of a batch. It has one counter for each outcome, under the outcome's name. */
export function parseBatch(hash: Record<string, string>): Batch {
  const { round, ...facts } = storedBatchSchema.parse(hash);
  const counts = countsOf(hash, (outcome) => outcome);
  const isUnsealed = facts.sealedAt === undefined;
  const state = batchStateOf({
    cancelled: facts.cancelledAt !== undefined,
    paused: facts.pausedAt !== undefined,
    unsealedImport: facts.kind === 'import' && isUnsealed,
    unsealedStream: facts.kind === 'stream' && isUnsealed,
    active: countActive(counts) > 0,
  });
  return { ...facts, state, lastRedrive: round, counts, reviews: reviewCountsOf(hash) };
}

/** Reads a counter for each outcome from the hash of a batch. */
export function countsOf(
  hash: Record<string, string>,
  fieldOf: (outcome: keyof OutcomeCounts) => string,
): OutcomeCounts {
  const counts = OUTCOMES.map((outcome) => [outcome, Number(hash[fieldOf(outcome)] ?? 0)]);
  return Object.fromEntries(counts);
}

/** Submits that an earlier version wrote down are not counted, so a counter may fall below zero. */
function reviewCountsOf(hash: Record<string, string>): ReviewCounts {
  const counts = REVIEWS.map((review) => [review, Math.max(0, Number(hash[`review:${review}`] ?? 0))]);
  return Object.fromEntries(counts);
}
