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
  firstTriedAt: z.number().optional(),
  nextAt: z.number().optional(),
  endedAt: z.number().optional(),
  /** Why it was refused. */
  reason: z.string().optional(),
});

export type Task = z.output<typeof taskSchema>;

/** @param text as Redis holds it: JSON, in which `fields` is JSON once more, so that scripts leave it as it is */
export function parseTask(text: string): Task {
  return taskSchema.parse(JSON.parse(text));
}
