/** What the ledger keeps, as schemas: read back through them, because Redis outlives a version of this program. */
import { z } from 'zod';
import { ERROR_CLASSES } from '../errors.ts';
import { OUTCOMES, type Outcome, type OutcomeCounts } from './outcome.ts';

/** What is known of one row. Absent fields mean "not yet". Times are milliseconds since 1970. */
export const rowRecordSchema = z.object({
  outcome: z.enum(OUTCOMES),
  at: z.number(),
  /** Calls of either operation that were made for this row; throttled ones are not counted. */
  attempts: z.number().default(0),
  /** Number of the redrive that took this row last. */
  redrive: z.number().optional(),
  /** Times the recurring redrive has tried this row again. */
  rounds: z.number().default(0),
  /** Times the call at hand has failed for reasons of network or peer. */
  tries: z.number().default(0),
  /** Submits whose answer was lost. */
  ambiguous: z.number().default(0),
  /** Upload authorizations that OSS refused. */
  reauthorized: z.number().default(0),
  /** Who is submitting: only this attempt may report a failure. */
  token: z.string().optional(),
  code: z.string().optional(),
  message: z.string().optional(),
  hint: z.string().optional(),
  class: z.enum(ERROR_CLASSES).optional(),
  /** A person decides: the outcome of the submit is unknown. */
  parked: z.boolean().optional(),
  authorizeRequestId: z.string().optional(),
  putRequestId: z.string().optional(),
  requestId: z.string().optional(),
  /** The value sent as `IsvTerms`. */
  isvTerms: z.string().optional(),
  /** The batch that has this customer already, for `unchanged`. */
  batch: z.string().optional(),
});
export type RowRecord = z.output<typeof rowRecordSchema>;

/** One thing that a person did to a batch. */
export const logEntrySchema = z.object({
  at: z.number(),
  by: z.string(),
  action: z.string(),
  details: z.string(),
});
export type LogEntry = z.output<typeof logEntrySchema>;

/** Rows of a batch enqueued again together: picked by a filter, or all that were left when a paused batch went on. */
export const redriveSchema = z.object({
  /** Counts the redrives of a batch; part of the ids of its jobs. */
  round: z.number(),
  kind: z.enum(['redrive', 'resume']),
  by: z.string(),
  /** Which rows, in words. */
  filter: z.string(),
  begun: z.number(),
  /** When its rows may be sent first; absent for at once. */
  notBefore: z.number().optional(),
  /** When all of its rows had their jobs; absent while they are being enqueued. */
  enqueued: z.number().optional(),
});
export type Redrive = z.output<typeof redriveSchema>;

/** A redrive with what became of its rows. */
export type CountedRedrive = Redrive & { counts: OutcomeCounts };

/** What the source said: its line, the raw values in the order of the batch's columns, the agreement. */
export const rowInputSchema = z.object({
  line: z.number(),
  values: z.array(z.string()),
  sha256: z.string(),
});
export type RowInput = z.output<typeof rowInputSchema>;

/** The account's memory of one customer, over all batches. */
export const customerRecordSchema = z.object({
  fingerprint: z.string(),
  outcome: z.enum(OUTCOMES),
  batch: z.string(),
  row: z.number(),
  at: z.number(),
});
export type CustomerRecord = z.output<typeof customerRecordSchema>;

const BATCH_STATES = ['enqueuing', 'running', 'paused', 'cancelling', 'finished'] as const;
export type BatchState = (typeof BATCH_STATES)[number];

const count = z.coerce.number().default(0);

const batchRecordSchema = z.object({
  id: z.string(),
  account: z.string(),
  name: z.string(),
  source: z.string(),
  by: z.string(),
  state: z.enum(BATCH_STATES),
  columns: z.string().transform((text) => z.array(z.string()).parse(JSON.parse(text))),
  created: z.coerce.number(),
  finished: z.coerce.number().optional(),
  notBefore: z.coerce.number().optional(),
  total: count,
  lastRow: count,
  throttled: count,
  parked: count,
  /** Same refusals in a row after which the batch pauses; 0 for never. */
  maxFailures: count,
  priority: count,
  round: count,
  pausedWhy: z.string().optional(),
  ...Object.fromEntries(OUTCOMES.map((outcome) => [outcome, count])),
});

export type Batch = Omit<z.output<typeof batchRecordSchema>, Outcome> & { counts: OutcomeCounts };

/** Field of a batch's hash that counts the rows of a redrive with an outcome; `scripts.ts` moves it. */
const redriveField = (round: number, outcome: Outcome) => `redrive:${round}:${outcome}`;

export function countRedrive(hash: Record<string, string>, redrive: Redrive): CountedRedrive {
  const counts = OUTCOMES.map((outcome) => [
    outcome,
    Number(hash[redriveField(redrive.round, outcome)] ?? 0),
  ]);
  return { ...redrive, counts: Object.fromEntries(counts) as OutcomeCounts };
}

export function parseBatch(hash: Record<string, string>): Batch {
  const record = batchRecordSchema.parse(hash);
  const counts = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, Number(hash[outcome] ?? 0)]));
  return { ...record, counts: counts as OutcomeCounts };
}
