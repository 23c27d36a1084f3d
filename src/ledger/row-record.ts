/** What the ledger keeps of a row. Read back through a schema, because Redis outlives a version of this program. */
import { z } from 'zod';
import { ERROR_CLASSES } from '../errors.ts';
import { OUTCOMES } from './outcome.ts';

/** What is known of one row. An absent field means "not yet". Times are milliseconds since 1970. */
export const rowRecordSchema = z.object({
  outcome: z.enum(OUTCOMES),
  at: z.number(),
  /** Calls of either operation that were made for this row; throttled ones are not counted. */
  attempts: z.number().default(0),
  /** Number of the redrive that took this row last. */
  redrive: z.number().optional(),
  /** How often the recurring redrive has retried this row. */
  rounds: z.number().default(0),
  /** How often the current call has failed because of the network or the peer. */
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
  /** The batch that already has this customer, for `unchanged`. */
  batch: z.string().optional(),
});
export type RowRecord = z.output<typeof rowRecordSchema>;

/** What the source said: its line, the raw values in the order of the batch's columns, the agreement. */
const rowInputSchema = z.object({
  line: z.number(),
  values: z.array(z.string()),
  sha256: z.string(),
});
export type RowInput = z.output<typeof rowInputSchema>;

export interface StoredRow {
  row: number;
  record: RowRecord;
  input: RowInput;
}

/** Both parts are JSON. */
export function parseRow(row: number, record: string, input: string): StoredRow {
  return {
    row,
    record: rowRecordSchema.parse(JSON.parse(record)),
    input: rowInputSchema.parse(JSON.parse(input)),
  };
}
