/** Usage that is reported to the marketplace, as the API has it. Pure. */
import { z } from 'zod';
import type { UsageMeasures, UsageRecord } from '../../index.ts';
import { USAGE_VERBS, verbsFor } from '../../koogallery/usage/decide.ts';
import { meaningOf } from '../../koogallery/usage/record-codes.ts';
import { USAGE_DECISIONS, USAGE_STATES } from '../../koogallery/usage/usage-record.ts';
import { DEADLINES } from '../../koogallery/usage/windows.ts';
import { nextSchema } from '../paging.ts';
import { countsBy } from './counts.ts';
import { isoOf, timeSchema } from './times.ts';

const count = z.number().int();

const usageSchema = z.object({
  id: z.string(),
  state: z.enum(USAGE_STATES),
  meteringSn: z.string().describe('The number under which it is reported now.'),
  formerSns: z.array(z.string()).optional().describe('Those under which it was reported before.'),
  instanceId: z.string(),
  relatedPackage: z.string().optional().describe('The package from which it is deducted.'),
  productId: z.string().optional(),
  beginTime: timeSchema,
  endTime: timeSchema,
  recordTime: timeSchema,
  value: z.string().describe('Decimal, at most 4 places.'),
  due: timeSchema.describe('It is sent from then on.'),
  recordedAt: timeSchema,
  by: z.string(),
  attempts: count.describe('Calls that it was in.'),
  lost: count.describe('How many of their answers were lost.'),
  changedAt: timeSchema,
  code: z.string().optional().describe('What the marketplace said of it.'),
  meaning: z.string().optional().describe('What that code means, and what to do.'),
  decision: z.enum(USAGE_DECISIONS).optional(),
  decidedBy: z.string().optional(),
  reason: z.string().optional(),
  formerDecisions: z
    .array(
      z.object({
        decision: z.enum(USAGE_DECISIONS),
        by: z.string(),
        reason: z.string().optional(),
        at: timeSchema,
      }),
    )
    .optional()
    .describe('What was decided before, the oldest first: what was given up turned out to be billed.'),
  decisions: z.array(z.enum(USAGE_VERBS)).describe('What a person may decide about it as it is now.'),
});

const EXAMPLE: z.output<typeof usageSchema> = {
  id: '6c63c221-0000-4141-8ff4-22f5dfe82b65',
  state: 'abnormal',
  meteringSn: '6c63c221-0000-4141-8ff4-22f5dfe82b65',
  instanceId: '7f141bf1-aec8-4859-8323-fb3a8ad50721',
  beginTime: '2026-08-09T08:00:00.000Z',
  endTime: '2026-08-09T09:00:00.000Z',
  recordTime: '2026-08-09T09:00:00.000Z',
  value: '99.5',
  due: '2026-08-09T09:00:00.000Z',
  recordedAt: '2026-08-09T09:00:04.000Z',
  by: 'ops',
  attempts: 1,
  lost: 0,
  changedAt: '2026-08-09T09:00:07.000Z',
  code: '013',
  meaning: 'the instance is in an abnormal state: reconcile it, then report again',
  decisions: ['billed', 'lost', 'retry'],
};

const DEADLINE =
  'wanted: for the bill of its hour or day; latest: after it, it may not be billed; refused: for good.';

export const usageSummarySchema = z
  .object({
    counts: countsBy(USAGE_STATES),
    deadlines: z
      .array(z.object({ deadline: z.enum(DEADLINES).describe(DEADLINE), at: timeSchema, records: count }))
      .describe('What comes next for the records that the marketplace does not have for certain.'),
    trouble: z
      .object({ code: z.string(), message: z.string(), since: timeSchema })
      .optional()
      .describe('Why nothing can be sent now.'),
  })
  .meta({
    id: 'KooGalleryUsageSummary',
    description: 'The usage of a channel as a whole.',
    examples: [
      {
        counts: { recorded: 4, sending: 0, sent: 0, received: 310, abnormal: 1, settled: 2 },
        deadlines: [{ deadline: 'wanted', at: '2026-08-09T09:15:00.000Z', records: 4 }],
      },
    ],
  });

export const changedUsageSchema = z.object({ record: usageSchema }).meta({
  id: 'KooGalleryUsageRecord',
  description: 'A record as it is now.',
  examples: [{ record: EXAMPLE }],
});

export const usagePageSchema = z
  .object({ records: z.array(usageSchema), next: nextSchema, summary: usageSummarySchema })
  .meta({
    id: 'KooGalleryUsagePage',
    description:
      'Records of usage: what a person has to decide first, then what is on its way, then the rest.',
    examples: [
      {
        records: [EXAMPLE],
        next: null,
        summary: {
          counts: { recorded: 0, sending: 0, sent: 0, received: 310, abnormal: 1, settled: 2 },
          deadlines: [],
        },
      },
    ],
  });

export function toUsage(record: UsageRecord): z.output<typeof usageSchema> {
  const { begin, end, recordTime, due, recordedAt, changedAt, formerDecisions } = record;
  const { isNumbered: _numbered, follows: _follows, units: _units, slot: _slot, ...same } = record;
  return {
    ...same,
    ...{ beginTime: isoOf(begin), endTime: isoOf(end), recordTime: isoOf(recordTime), due: isoOf(due) },
    ...{ recordedAt: isoOf(recordedAt), changedAt: isoOf(changedAt) },
    formerDecisions: formerDecisions?.map((each) => ({ ...each, at: isoOf(each.at) })),
    ...{ meaning: meaningOf(record), decisions: verbsFor(record) },
  };
}

export function toUsageSummary({
  counts,
  deadlines,
  trouble,
}: UsageMeasures): z.output<typeof usageSummarySchema> {
  return {
    counts,
    deadlines: deadlines.map((each) => ({ ...each, at: isoOf(each.at) })),
    trouble: trouble && { ...trouble, since: isoOf(trouble.since) },
  };
}
