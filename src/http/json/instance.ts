/** Instances of KooGallery as the API has them. Pure. */
import { z } from 'zod';
import type { InstanceView, TaskView } from '../../index.ts';
import { INSTANCE_KINDS } from '../../koogallery/registry/instance-record.ts';
import { INSTANCE_STATES } from '../../koogallery/registry/instance-state.ts';
import { TASK_STATES, TASK_TYPES } from '../../koogallery/registry/task-record.ts';
import { nextSchema } from '../paging.ts';
import { isoOf, maybeIso, timeSchema } from './times.ts';

const instanceFields = z.object({
  channel: z.string().describe('Slug of the channel.'),
  id: z.string(),
  kind: z.enum(INSTANCE_KINDS),
  state: z.enum(INSTANCE_STATES),
  createdAt: timeSchema,
  readyAt: timeSchema.optional().describe('When it could first be used.'),
  expireAt: timeSchema.optional(),
  orderId: z.string().optional(),
  orderLineId: z.string().optional(),
  productId: z.string().optional(),
  skuCode: z.string().optional(),
  buyer: z.record(z.string(), z.string()).optional().describe('Ids and names; no address and no number.'),
  refusal: z.string().optional().describe('Why its create was refused for good.'),
  missing: z
    .array(z.string())
    .optional()
    .describe('What its buyer has to tell first: fields of a customer; IsvTerms is the agreement.'),
  problems: z
    .array(z.object({ field: z.string().optional(), code: z.string() }))
    .optional()
    .describe('Why what was told cannot be used; without a field, it is about all of it.'),
  customer: z
    .object({ account: z.string(), batch: z.string(), row: z.number().int() })
    .optional()
    .describe('The row of the main job that it has become.'),
  refused: z.number().int().describe('Tasks that were refused for good, whatever its state.'),
  version: z.number().int().describe('Of its newest task.'),
  settled: z.number().int().describe('All tasks up to this version are over.'),
});

const taskSchema = z.object({
  version: z.number().int(),
  type: z.enum(TASK_TYPES),
  state: z.enum(TASK_STATES),
  at: timeSchema.describe('When the marketplace asked for it.'),
  attempts: z.number().int(),
  failures: z.number().int().describe('Attempts in a row that have failed, one in progress included.'),
  firstTriedAt: timeSchema.optional(),
  triedAt: timeSchema.optional().describe('When the latest attempt began.'),
  nextAt: timeSchema.optional().describe('When the next attempt is due.'),
  endedAt: timeSchema.optional(),
  reason: z.string().optional().describe('Why it was refused or withdrawn, or is to be tried again.'),
  expireAt: timeSchema.optional().describe('The end of the instance that the webhook was told.'),
  retriedAt: timeSchema.optional().describe('When a person last wanted it to be tried again.'),
  retriedBy: z.string().optional(),
});

const EXAMPLE = {
  channel: 'shop',
  id: '03pf80c2bae96vc49b80b917bea776d7',
  kind: 'saas',
  state: 'active',
  createdAt: '2026-01-20T08:00:00.000Z',
  readyAt: '2026-01-20T08:00:04.000Z',
  orderId: 'CS1906666666ABCDE',
  refused: 0,
  version: 1,
  settled: 1,
} as const;

const instanceSchema = instanceFields.meta({
  id: 'KooGalleryInstance',
  description: 'What a buyer has bought in the marketplace of Huawei Cloud, and how far it has come.',
  examples: [EXAMPLE],
});

export const instancePageSchema = z.object({ instances: z.array(instanceSchema), next: nextSchema }).meta({
  id: 'KooGalleryInstancePage',
  description: 'Instances of a channel, the newest first.',
  examples: [{ instances: [EXAMPLE], next: null }],
});

export const instanceStorySchema = instanceFields.extend({ tasks: z.array(taskSchema) }).meta({
  id: 'KooGalleryInstanceStory',
  description: 'An instance with all that was asked for it, and what became of that, the oldest first.',
  examples: [
    {
      ...EXAMPLE,
      tasks: [
        {
          version: 1,
          type: 'instance.create',
          state: 'done',
          at: '2026-01-20T08:00:00.000Z',
          attempts: 2,
          failures: 0,
          firstTriedAt: '2026-01-20T08:00:00.000Z',
          triedAt: '2026-01-20T08:00:05.000Z',
          endedAt: '2026-01-20T08:00:06.000Z',
        },
      ],
    },
  ],
});

export function toInstance(instance: InstanceView): z.output<typeof instanceSchema> {
  const { createdAt, readyAt, expireAt, ...same } = instance;
  return {
    ...same,
    createdAt: isoOf(createdAt),
    readyAt: maybeIso(readyAt),
    expireAt: maybeIso(expireAt),
  };
}

export function toTask(task: TaskView): z.output<typeof taskSchema> {
  const { at, firstTriedAt, triedAt, nextAt, endedAt, expireAt, retriedAt, ...same } = task;
  return {
    ...same,
    at: isoOf(at),
    firstTriedAt: maybeIso(firstTriedAt),
    triedAt: maybeIso(triedAt),
    nextAt: maybeIso(nextAt),
    endedAt: maybeIso(endedAt),
    expireAt: maybeIso(expireAt),
    retriedAt: maybeIso(retriedAt),
  };
}
