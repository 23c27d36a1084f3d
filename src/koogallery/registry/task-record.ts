/** What is to be done for an instance, or was done: one entry for each version, kept as its history. */
import { z } from 'zod';

export const TASK_TYPES = [
  'instance.create',
  'instance.refresh',
  'instance.freeze',
  'instance.unfreeze',
  'instance.release',
  'instance.upgrade',
  'license.issue',
  'license.refresh',
  'license.freeze',
  'license.unfreeze',
  'license.release',
  'kit.tenant',
  'kit.application',
  'kit.auth',
  'kit.org',
  'kit.orgs',
  'order.notify',
] as const;
export type TaskType = (typeof TASK_TYPES)[number];

export const TASK_STATES = ['due', 'done', 'refused', 'withdrawn'] as const;

const taskSchema = z.object({
  version: z.number(),
  type: z.enum(TASK_TYPES),
  /** Times are in milliseconds since 1970. */
  at: z.number(),
  /** What the call said, personal data sealed. */
  fields: z.string().transform((text) => z.record(z.string(), z.unknown()).parse(JSON.parse(text))),
  state: z.enum(TASK_STATES),
  attempts: z.number(),
  /** Attempts in a row that have failed, the one in progress included. */
  failures: z.number().default(0),
  firstTriedAt: z.number().optional(),
  /** Of the latest attempt. */
  triedAt: z.number().optional(),
  nextAt: z.number().optional(),
  endedAt: z.number().optional(),
  /** Why it was refused or withdrawn, or is to be tried again. */
  reason: z.string().optional(),
  /** Of the instance at the first attempt: a repetition says the same. */
  expireAt: z.number().optional(),
  /** As it was when the call came, or as an order says that was asked for later: of this task, or of one before it. */
  productId: z.string().optional(),
  skuCode: z.string().optional(),
  /** As the marketplace told it when it was asked: JSON, personal data sealed. */
  order: z.string().optional(),
  /** When a person last wanted it to be tried again, and who. */
  retriedAt: z.number().optional(),
  retriedBy: z.string().optional(),
});

export type Task = z.output<typeof taskSchema>;

/** @param text as Redis holds it: JSON, in which `fields` is JSON once more, so that scripts leave it as it is */
export function parseTask(text: string): Task {
  return taskSchema.parse(JSON.parse(text));
}
