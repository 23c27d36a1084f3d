/** What the ledger keeps of a row. Read back through a schema, because Redis outlives a version of this program. */
import { z } from 'zod';
import { ERROR_CLASSES } from '../error-classes.ts';
import { OUTCOMES } from './outcome.ts';
import { placeSchema } from './place.ts';

/** What is known of one row. An absent field means "not yet". Times are milliseconds since 1970. */
export const rowRecordSchema = z.object({
  outcome: z.enum(OUTCOMES),
  at: z.number(),
  custSpaceId: z.string(),
  /** Identity of what is sent: of the customer and its agreement. */
  fingerprint: z.string(),
  /** Rows of an account are numbered as they are enrolled. */
  order: z.number(),
  /** Calls of either operation that were made for this row; throttled ones are not counted. */
  attempts: z.number().default(0),
  /** Number of the redrive that took this row last. */
  redrive: z.number().optional(),
  /** Earliest time at which that redrive wants it sent. */
  notBefore: z.number().optional(),
  /** How often the recurring redrive has retried this row. */
  rounds: z.number().default(0),
  /** How often the current call has failed because of the network or the peer. */
  tries: z.number().default(0),
  /** Submits whose answer was lost. */
  ambiguous: z.number().default(0),
  /** Whether the answer to the last submit was lost, so that it may have arrived. */
  unknown: z.boolean().optional(),
  /** Upload authorizations that OSS refused. */
  reauthorized: z.number().default(0),
  /** Who is submitting: only this attempt may report a failure. */
  token: z.string().optional(),
  /** Id of its process, as in the heartbeats. */
  process: z.string().optional(),
  /** Number of the last submit among all of the account, the generation of the peer, and when it was marked. */
  seq: z.number().optional(),
  generation: z.number().optional(),
  markedAt: z.number().optional(),
  code: z.string().optional(),
  message: z.string().optional(),
  hint: z.string().optional(),
  class: z.enum(ERROR_CLASSES).optional(),
  /** A person decides: the outcome of the submit is unknown. */
  parked: z.boolean().optional(),
  /** Newer data of the same customer was sent, so this is not sent any more. */
  superseded: z.boolean().optional(),
  authorizeRequestId: z.string().optional(),
  putRequestId: z.string().optional(),
  requestId: z.string().optional(),
  /** The value sent as `IsvTerms`. */
  isvTerms: z.string().optional(),
  /** The row that decided, or will decide, what becomes of this one. */
  lead: placeSchema.optional(),
  /** When that row was submitted, for `unchanged`. */
  submittedAt: z.number().optional(),
});
export type RowRecord = z.output<typeof rowRecordSchema>;

/** What the source said. */
const rowInputSchema = z.object({
  line: z.number(),
  /** The agreement, in hexadecimal. */
  sha256: z.string(),
  /** The fields of the customer as they are sent, in the order of `INPUT_FIELDS`. */
  fields: z.array(z.string()),
  /** The cells that differ from them, by their positions in `fields`. */
  raw: z.record(z.string(), z.string()).optional(),
  /** The cells of the other columns. */
  rest: z.array(z.string()).optional(),
});
export type RowInput = z.output<typeof rowInputSchema>;

export interface StoredRow {
  row: number;
  record: RowRecord;
  input: RowInput;
  /** Whether Redis has lost what the source said: then `input` holds nothing but the id of the customer. */
  isInputLost: boolean;
}

export function parseRecord(text: string): RowRecord {
  return rowRecordSchema.parse(JSON.parse(text));
}

/** Both parts are JSON; a lost input is null. */
export function parseRow(row: number, text: string, input: string | null | undefined): StoredRow {
  const record = parseRecord(text);
  if (!input)
    return { row, record, input: { line: 0, sha256: '', fields: [record.custSpaceId] }, isInputLost: true };
  return { row, record, input: rowInputSchema.parse(JSON.parse(input)), isInputLost: false };
}
