/** A batch as the API has it. Pure. */
import { z } from 'zod';
import type { ListedBatch } from '../../batch/list.ts';
import type { BatchStatus } from '../../batch/status.ts';
import { BATCH_KINDS } from '../../ledger/batch-record.ts';
import { BATCH_STATES } from '../../ledger/batch-state.ts';
import { OUTCOMES } from '../../ledger/outcome.ts';
import { REVIEWS } from '../../ledger/review.ts';
import type { Hold } from '../../onboarding/holds.ts';
import { countsBy } from './counts.ts';
import { holdSchema, toHold } from './holds.ts';
import { isoOf, maybeIso, timeSchema } from './times.ts';

const MS_PER_SECOND = 1_000;
const rows = z.number().int().nonnegative();
const countsSchema = countsBy(OUTCOMES);

export const BATCH_EXAMPLE = {
  id: '3k9x2fq7d',
  name: 'January sign-ups',
  account: 'default',
  kind: 'import',
  source: 'customers.csv',
  by: 'ops',
  state: 'running',
  total: 212,
  counts: {
    pending: 100,
    waiting: 0,
    uploading: 2,
    uploaded: 8,
    submitting: 2,
    submitted: 99,
    failed: 1,
    unchanged: 0,
    cancelled: 0,
  },
  reviews: { awaited: 99, approved: 0, rejected: 0 },
  parked: 0,
  retrying: 0,
  priority: 100,
  created: '2026-01-31T08:00:00.000Z',
  sealed: '2026-01-31T08:00:01.500Z',
  etaSeconds: 22.4,
};

const facts = {
  id: z.string(),
  name: z.string(),
  account: z.string(),
  kind: z.enum(BATCH_KINDS),
  source: z.string().describe('Name of the file, or what a program calls itself.'),
  by: z.string(),
  state: z.enum(BATCH_STATES),
  total: rows,
  counts: countsSchema.describe('Rows by outcome; they sum to `total`.'),
  reviews: countsBy(REVIEWS),
  parked: rows.describe('Rows whose submit was sent and never answered: a person decides.'),
  retrying: rows.describe('Rows whose last call failed, and which are tried again.'),
  priority: z.number().int().describe('Lower goes first.'),
  created: timeSchema,
  sealed: timeSchema.optional().describe('When the last row was added.'),
  finished: timeSchema.optional(),
  cancelled: z.object({ at: timeSchema, by: z.string() }).optional(),
  paused: z.object({ at: timeSchema, by: z.string().optional(), why: z.string().optional() }).optional(),
  notBefore: timeSchema.optional(),
  etaSeconds: z.number().optional().describe('Until all is done; missing while nothing moves.'),
  durationSeconds: z.number().optional().describe('How long it took; missing until it is finished.'),
};

export const batchSchema = z
  .object(facts)
  .meta({ id: 'Batch', description: 'Customers that are registered together.', examples: [BATCH_EXAMPLE] });
export type BatchJson = z.output<typeof batchSchema>;

export const watchedSchema = z.object({ ...facts, heldBy: z.array(holdSchema) }).meta({
  id: 'WatchedBatch',
  description: 'A batch, and what keeps its rows from moving.',
  examples: [{ ...BATCH_EXAMPLE, heldBy: [] }],
});
export type WatchedJson = z.output<typeof watchedSchema>;

export const batchDetailsSchema = z
  .object({
    ...facts,
    heldBy: z.array(holdSchema).describe('What keeps its rows from moving, first things first.'),
    codes: z
      .array(z.object({ code: z.string(), rows, hint: z.string(), message: z.string().optional() }))
      .describe('Why rows failed, the most frequent code first.'),
    parkedRows: z.array(rows).describe('The first of the parked rows.'),
    redrives: z.array(
      z.object({
        number: rows,
        by: z.string(),
        filter: z.string(),
        begun: timeSchema,
        notBefore: timeSchema.optional(),
        upToRow: rows
          .optional()
          .describe(
            'The last of its rows that it has looked at, also if it was interrupted after that; 0 before the first. Earlier versions did not say.',
          ),
        counts: countsSchema,
      }),
    ),
    perSecond: z.number().optional().describe('Customers per second, of late.'),
  })
  .meta({
    id: 'BatchDetails',
    description: 'A batch with why rows failed and what keeps it.',
    examples: [
      {
        ...BATCH_EXAMPLE,
        heldBy: [],
        codes: [{ code: 'AGREEMENT_LOST', rows: 1, hint: 'Import this row again.' }],
        parkedRows: [],
        redrives: [],
        perSecond: 4.9,
      },
    ],
  });

export function toBatch({ batch, etaSeconds }: ListedBatch): BatchJson {
  const { cancelledAt, pausedAt, finished, created } = batch;
  const { id, name, account, kind, source, by, state, total, counts, reviews } = batch;
  const { parked, retrying, priority } = batch;
  return {
    ...{ id, name, account, kind, source, by, state, total, counts, reviews, parked, retrying, priority },
    created: isoOf(created),
    sealed: maybeIso(batch.sealedAt),
    finished: maybeIso(finished),
    cancelled:
      cancelledAt === undefined ? undefined : { at: isoOf(cancelledAt), by: batch.cancelledBy ?? '' },
    paused:
      pausedAt === undefined ? undefined : { at: isoOf(pausedAt), by: batch.pausedBy, why: batch.pausedWhy },
    notBefore: maybeIso(batch.notBefore),
    etaSeconds,
    durationSeconds: finished === undefined ? undefined : Math.max(0, finished - created) / MS_PER_SECOND,
  };
}

export function toWatched({ heldBy, ...listed }: ListedBatch & { heldBy: readonly Hold[] }): WatchedJson {
  return { ...toBatch(listed), heldBy: heldBy.map(toHold) };
}

export function toBatchDetails(status: BatchStatus): z.output<typeof batchDetailsSchema> {
  const { batch, progress, heldBy, failures, parkedRows, redrives } = status;
  const etaSeconds = batch.state === 'finished' ? undefined : progress.etaSeconds;
  return {
    ...toWatched({ batch, etaSeconds, heldBy }),
    codes: failures,
    parkedRows,
    perSecond: status.recentPerSecond,
    redrives: redrives.map((redrive) => ({
      ...redrive,
      begun: isoOf(redrive.begun),
      notBefore: maybeIso(redrive.notBefore),
    })),
  };
}
