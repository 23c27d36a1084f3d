/** Reviews as the API has them. Pure. */
import { z } from 'zod';
import type { ListedReview } from '../../batch/reviews-page.ts';
import type { OfAccount, Reviewed } from '../../index.ts';
import { REVIEW_AGES } from '../../ledger/awaited.ts';
import { DECISIONS, REVIEWS, type Review } from '../../ledger/review.ts';
import { countsBy } from './counts.ts';
import { isoOf, maybeIso, timeSchema } from './times.ts';

export const REVIEW_WORDS = [...REVIEWS, 'replaced'] as const;

export const reviewSchema = z
  .object({
    as: z.enum(REVIEW_WORDS),
    date: z.string().optional().describe('The day of the decision.'),
    evidence: z.string().optional().describe('Who said so, or where it is written.'),
    by: z.string().optional(),
    recorded: timeSchema.optional(),
  })
  .meta({
    id: 'Review',
    description: 'Where the review of a submit stands, as people found out; no call tells it.',
    examples: [{ as: 'awaited' }],
  });

export function toReview(review: Review | undefined): z.output<typeof reviewSchema> | undefined {
  if (review === undefined) return undefined;
  const { date, evidence, by, at } = review.decision ?? {};
  return { as: review.review, date, evidence, by, recorded: maybeIso(at) };
}

export const awaitedCountsSchema = z.object({
  awaited: z.number().int(),
  overdue: z.number().int().describe('How many have been awaited for longer than `overdueDays`.'),
  overdueDays: z.number(),
  byAge: countsBy(REVIEW_AGES),
});

const EXAMPLE_COUNTS = {
  awaited: 1,
  overdue: 1,
  overdueDays: 7,
  byAge: { under_1d: 0, '1d_to_7d': 0, '7d_to_30d': 1, over_30d: 0 },
};

const listedSchema = z.object({
  account: z.string(),
  custSpaceId: z.string(),
  custName: z.string().optional(),
  batch: z.string(),
  row: z.number().int(),
  requestId: z.string().optional(),
  submittedAt: timeSchema,
  ageDays: z.number().int(),
  isOverdue: z.boolean(),
});

export const reviewPageSchema = z
  .object({ reviews: z.array(listedSchema), next: z.string().nullable(), counts: awaitedCountsSchema })
  .meta({
    id: 'ReviewPage',
    description: 'Submits that await their reviews, those that have waited longest first.',
    examples: [
      {
        reviews: [
          {
            account: 'default',
            custSpaceId: 'C100001',
            custName: 'Example Pte Ltd',
            batch: '3k9x2fq7d',
            row: 1,
            requestId: '90E63D28-E31D-1EB2-8939-A9486641****',
            submittedAt: '2026-01-20T08:00:00.000Z',
            ageDays: 11,
            isOverdue: true,
          },
        ],
        next: null,
        counts: EXAMPLE_COUNTS,
      },
    ],
  });

export function toListedReview({ days, place, at, ...review }: ListedReview): z.output<typeof listedSchema> {
  const { account, custSpaceId, custName, requestId, isOverdue } = review;
  return {
    ...{ account, custSpaceId, custName, requestId, isOverdue },
    batch: place.batchId,
    row: place.row,
    submittedAt: isoOf(at),
    ageDays: days,
  };
}

export const recordedSchema = z
  .object({
    account: z.string(),
    custSpaceId: z.string(),
    batch: z.string(),
    row: z.number().int(),
    as: z.enum(DECISIONS),
    date: z.string(),
    evidence: z.string(),
    isNew: z.boolean().describe('False if the same was recorded before.'),
  })
  .meta({
    id: 'RecordedReview',
    description: 'A review that was recorded.',
    examples: [
      {
        account: 'default',
        custSpaceId: 'C100001',
        batch: '3k9x2fq7d',
        row: 1,
        as: 'approved',
        date: '2026-01-31',
        evidence: 'ticket 4711',
        isNew: true,
      },
    ],
  });

export function toRecorded(reviewed: OfAccount<Reviewed>): z.output<typeof recordedSchema> {
  const { account, custSpaceId, place, as, date, evidence, isNew } = reviewed;
  return { account, custSpaceId, batch: place.batchId, row: place.row, as, date, evidence, isNew };
}
