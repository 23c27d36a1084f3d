/** The story of a customer as the API has it. Pure. */
import { z } from 'zod';
import type { CustomerStory, OfAccount, StoryRow } from '../../index.ts';
import { OUTCOMES } from '../../ledger/outcome.ts';
import { observationSchema, toObservation } from './observation.ts';
import { reviewSchema, toReview } from './review.ts';
import { logEntrySchema, placeSchema, toLogEntry, toPlace } from './row.ts';
import { isoOf, timeSchema } from './times.ts';

const historySchema = z.object({
  batch: z.string(),
  batchName: z.string(),
  row: z.number().int(),
  line: z.number().int(),
  at: timeSchema,
  outcome: z.enum(OUTCOMES),
  code: z.string().optional(),
  message: z.string().optional(),
  hint: z.string().optional(),
  requestId: z.string().optional(),
  by: z.string(),
  review: reviewSchema.optional(),
  log: z.array(logEntrySchema),
});

export const customerSchema = z
  .object({
    custSpaceId: z.string(),
    account: z.string(),
    alsoIn: z.array(z.string()).optional().describe('Other accounts that know this id.'),
    submitted: z
      .object({
        at: timeSchema,
        batch: z.string(),
        row: z.number().int(),
        requestId: z.string().optional(),
        isOfFormerPeer: z.boolean(),
      })
      .optional()
      .describe('The submit that counts.'),
    review: reviewSchema.optional(),
    observation: observationSchema.optional(),
    claim: placeSchema.optional().describe('The row that has the customer now.'),
    parked: z.array(placeSchema).describe('Attempts of which nobody knows whether they arrived.'),
    history: z.array(historySchema).describe('Its rows, oldest first.'),
    left: z.number().int().describe('Older rows that are left out here.'),
  })
  .meta({
    id: 'Customer',
    description: 'Everything still kept that happened to a customer.',
    examples: [{ custSpaceId: 'C100001', account: 'default', parked: [], history: [], left: 0 }],
  });

/** @param stories of each account that knows the customer */
export function toCustomer(stories: readonly OfAccount<CustomerStory>[]): z.output<typeof customerSchema> {
  const [story, ...others] = [...stories].sort((a, b) => newestOf(b) - newestOf(a));
  if (story === undefined) throw new Error('A customer is known somewhere.');
  const { custSpaceId, account, submitted, claim, left } = story;
  return {
    ...{ custSpaceId, account, left },
    alsoIn: others.length > 0 ? others.map((other) => other.account) : undefined,
    submitted: submitted && {
      ...toPlace(submitted.place),
      at: isoOf(submitted.at),
      requestId: submitted.requestId,
      isOfFormerPeer: submitted.isOfFormerPeer,
    },
    review: toReview(story.review),
    observation: toObservation(story.observation),
    claim: claim && toPlace(claim),
    parked: story.parked.map(({ place }) => toPlace(place)),
    history: story.rows.map(toHistory),
  };
}

const newestOf = ({ rows, submitted }: CustomerStory) => rows.at(-1)?.record.at ?? submitted?.at ?? 0;

function toHistory({ batch, row, line, record, message, hint, review, log }: StoryRow) {
  const { outcome, code, requestId } = record;
  return {
    ...{ row, line, outcome, code, requestId },
    batch: batch.id,
    batchName: batch.name,
    by: batch.by,
    at: isoOf(record.at),
    message: message || undefined,
    hint: hint || undefined,
    review: toReview(review),
    log: log.map(toLogEntry),
  };
}
