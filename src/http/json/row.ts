/** A row as the API has it. Pure. */
import { z } from 'zod';
import { describeRow, hintOf } from '../../batch/result-columns.ts';
import type { RowStory } from '../../batch/row-story.ts';
import type { ReviewedRow } from '../../batch/rows-page.ts';
import { INPUT_FIELDS } from '../../customer/fields.ts';
import { ERROR_CODES } from '../../error-codes.ts';
import type { LogEntry } from '../../ledger/log.ts';
import { OUTCOMES } from '../../ledger/outcome.ts';
import type { Place } from '../../ledger/place.ts';
import type { RowEvent } from '../../ledger/row-events.ts';
import { nextSchema } from '../paging.ts';
import { observationSchema, toObservation } from './observation.ts';
import { reviewSchema, toReview } from './review.ts';
import { isoOf, maybeIso, timeSchema } from './times.ts';

export const placeSchema = z.object({ batch: z.string(), row: z.number().int() });
export const toPlace = ({ batchId, row }: Place): z.output<typeof placeSchema> => ({ batch: batchId, row });

const EXAMPLE = {
  row: 1,
  line: 2,
  custSpaceId: 'C100001',
  custName: 'Example Pte Ltd',
  outcome: 'submitted',
  at: '2026-01-31T08:00:12.345Z',
  attempts: 2,
  requestId: '90E63D28-E31D-1EB2-8939-A9486641****',
  isvTerms: 'isv/agreement.pdf',
  review: { as: 'awaited' },
};

const facts = {
  row: z.number().int().describe('Number of the row, as in the result files.'),
  line: z.number().int().describe('Line of the file; 0 if Redis has lost it.'),
  custSpaceId: z.string(),
  custName: z.string(),
  outcome: z.enum(OUTCOMES),
  at: timeSchema.describe('When it became so.'),
  code: z.string().optional().describe('Why it failed: a code of ours, or of Alibaba Cloud.'),
  message: z.string().optional(),
  hint: z.string().optional(),
  attempts: z.number().int().describe('Calls that were made for it.'),
  requestId: z.string().optional().describe('Of the submit.'),
  authorizeRequestId: z.string().optional(),
  isvTerms: z.string().optional().describe('What was sent as `IsvTerms`.'),
  review: reviewSchema.optional(),
  parked: z.boolean().optional().describe('Whether it arrived is unknown: a person decides.'),
  superseded: z.boolean().optional(),
  notBefore: timeSchema.optional(),
  lead: placeSchema.optional().describe('The row that decided, or will decide, what becomes of it.'),
  submittedAt: timeSchema.optional().describe('When `lead` was submitted.'),
};

export const rowSchema = z
  .object(facts)
  .meta({ id: 'Row', description: 'A customer of a batch.', examples: [EXAMPLE] });

const unreadableSchema = z.object({
  row: z.number().int(),
  code: z.literal('ROW_UNREADABLE'),
  message: z.string(),
  hint: z.string(),
});

export const rowPageSchema = z
  .object({
    rows: z.array(rowSchema),
    unreadable: z
      .array(unreadableSchema)
      .describe('Rows in between that are damaged in Redis: nobody can tell whether they belong here.'),
    next: nextSchema,
  })
  .meta({
    id: 'RowPage',
    description: 'Rows, in order.',
    examples: [{ rows: [EXAMPLE], unreadable: [], next: null }],
  });

export const logEntrySchema = z
  .object({ at: timeSchema, by: z.string(), action: z.string(), details: z.string() })
  .meta({ id: 'LogEntry', description: 'What a person did.' });

export const rowEventSchema = z
  .object({ id: z.string(), at: timeSchema, outcome: z.enum(OUTCOMES), code: z.string().optional() })
  .meta({ id: 'RowEvent', description: 'What became of a row, and when.' });

export const rowStorySchema = z
  .object({
    ...facts,
    fields: z.partialRecord(z.enum(INPUT_FIELDS), z.string()).describe('What is sent.'),
    observation: observationSchema.optional(),
    log: z.array(logEntrySchema),
    events: z.array(rowEventSchema).describe('What is kept of what happened to it; empty after a while.'),
  })
  .meta({
    id: 'RowStory',
    description: 'A row with everything that is kept about it.',
    examples: [{ ...EXAMPLE, fields: { CustSpaceId: 'C100001' }, log: [], events: [] }],
  });

export function toRow({ row, record, input, review }: ReviewedRow): z.output<typeof rowSchema> {
  const { custSpaceId, outcome, code, attempts, requestId, authorizeRequestId, isvTerms } = record;
  return {
    ...{ row, custSpaceId, outcome, code, attempts, requestId, authorizeRequestId, isvTerms },
    line: input.line,
    custName: input.fields[INPUT_FIELDS.indexOf('CustName')] ?? '',
    at: isoOf(record.at),
    message: describeRow(record) || undefined,
    hint: hintOf(record) || undefined,
    review: toReview(review),
    parked: record.parked,
    superseded: record.superseded,
    notBefore: maybeIso(record.notBefore),
    lead: record.lead && toPlace(record.lead),
    submittedAt: maybeIso(record.submittedAt),
  };
}

/** @param row its number */
export function toUnreadable(row: number): z.output<typeof unreadableSchema> {
  const code = 'ROW_UNREADABLE';
  return { row, code, message: 'Redis has this row damaged.', hint: ERROR_CODES[code].hint };
}

export const toLogEntry = (entry: LogEntry): z.output<typeof logEntrySchema> => ({
  ...entry,
  at: isoOf(entry.at),
});

const toEvent = ({ id, at, outcome, code }: RowEvent) => ({ id, at: isoOf(at), outcome, code });

export function toRowStory({ row, observation, log, events }: RowStory): z.output<typeof rowStorySchema> {
  const fields = INPUT_FIELDS.flatMap((field, index) => {
    const value = row.input.fields[index];
    return value === undefined ? [] : [[field, value]];
  });
  return {
    ...toRow(row),
    fields: Object.fromEntries(fields),
    observation: toObservation(observation),
    log: log.map(toLogEntry),
    events: events.map(toEvent),
  };
}
