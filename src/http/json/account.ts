/** An account as the API has it. Pure. */
import { z } from 'zod';
import type { AccountWork, OfAccount } from '../../index.ts';
import { PEER_KINDS, STEPS } from '../../redis/keys.ts';
import { holdSchema, toHold } from './holds.ts';
import { awaitedCountsSchema } from './review.ts';
import { isoOf, timeSchema } from './times.ts';

const MS_PER_SECOND = 1_000;

export const ACCOUNT_EXAMPLE = {
  name: 'default',
  peer: 'real',
  heldBy: [],
  workers: [],
  isPaused: false,
  pace: [{ step: 'upload', perSecond: 5, throttled: 0, granted: 212 }],
  rowsLeft: 0,
  etaSeconds: 0,
  reviews: {
    awaited: 99,
    overdue: 0,
    overdueDays: 7,
    byAge: { under_1d: 99, '1d_to_7d': 0, '7d_to_30d': 0, over_30d: 0 },
  },
  rowsWithoutJob: 0,
};

export const accountSchema = z
  .object({
    name: z.string(),
    peer: z.enum(PEER_KINDS).describe('Alibaba Cloud, or something that only plays its part.'),
    heldBy: z.array(holdSchema).describe('What keeps every row from moving, first things first.'),
    workers: z.array(
      z.object({
        id: z.string(),
        host: z.string(),
        pid: z.number().int(),
        version: z.string(),
        since: timeSchema,
        state: z.string().describe('`working`, or why it takes no rows.'),
      }),
    ),
    isPaused: z.boolean(),
    pause: z.object({ since: timeSchema, by: z.string() }).optional(),
    breaker: z.object({ since: timeSchema, code: z.string(), message: z.string().optional() }).optional(),
    outage: z
      .object({ since: timeSchema, operation: z.string(), code: z.string(), message: z.string().optional() })
      .optional(),
    pace: z.array(
      z.object({
        step: z.enum(STEPS),
        perSecond: z.number().optional().describe('Missing before the first call.'),
        throttled: z.number().int(),
        granted: z.number().int(),
      }),
    ),
    rowsLeft: z.number().int().describe('Rows to which something still happens.'),
    etaSeconds: z.number().optional().describe('Until all are done; missing while nothing moves.'),
    reviews: awaitedCountsSchema,
    rowsWithoutJob: z.number().int().describe('Rows that the last upkeep found without a job, and gave one.'),
  })
  .meta({
    id: 'Account',
    description: 'An account at Alibaba Cloud, and how sending stands.',
    examples: [ACCOUNT_EXAMPLE],
  });
export type AccountJson = z.output<typeof accountSchema>;

export function toAccount(view: OfAccount<AccountWork>): AccountJson {
  const { account: name, peer, isPaused, pause, breaker, outage, reviews, rowsWithoutJob } = view;
  return {
    ...{ name, peer, isPaused, reviews, rowsWithoutJob },
    heldBy: view.heldBy.map(toHold),
    workers: view.workers.map(({ id, host, pid, version, since, state }) => ({
      ...{ id, host, pid, version, state },
      since: isoOf(since),
    })),
    pause: pause && { since: isoOf(pause.at), by: pause.by },
    breaker: breaker && { since: isoOf(breaker.since), code: breaker.code, message: breaker.message },
    outage: outage && {
      since: isoOf(outage.since),
      operation: outage.operation,
      code: outage.code,
      message: outage.message,
    },
    pace: view.pace.map(({ step, intervalMs, throttled, granted }) => ({
      ...{ step, throttled, granted },
      perSecond: intervalMs === undefined ? undefined : Math.round((MS_PER_SECOND / intervalMs) * 100) / 100,
    })),
    rowsLeft: view.rowsLeft,
    etaSeconds: view.etaSeconds,
  };
}
