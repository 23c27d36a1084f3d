import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type Instance, parseFlat } from '../registry/instance-record.ts';
import { type ChannelAccess, defineChannelScript, runChannelScript } from '../registry/scripts.ts';
import { parseTask, type Task } from '../registry/task-record.ts';

/**
 * Failures in a row after which a task is given up: with the waits between them, two and a half hours at least. The
 * marketplace waits three hours for a create, so a person who is alerted then has half an hour left.
 */
export const FAILURES_MAX = 22;

const resultSchema = z.object({
  verdict: z.enum(['begun', 'busy', 'waiting', 'idle']),
  task: z.string().transform((text) => (text === '' ? undefined : parseTask(text))),
  instance: z.array(z.string()).transform(parseFlat),
  given: z.array(z.number()),
});

export const beginTaskScript = defineChannelScript(new URL('./begin-task.lua', import.meta.url), {
  needs: 'tasks',
  decode: resultSchema.parse,
});

/** An attempt in progress. */
export interface Begun {
  task: Task;
  instance: Instance;
  /** Proves that this instance is still ours. */
  token: string;
}

export type Beginning = {
  /** Versions that were given up, because every process that tried them had died. */
  given: number[];
} & (
  | { verdict: 'begun'; begun: Begun }
  /** Somebody else works on this instance, its next attempt is not due yet, or there is nothing to do. */
  | { verdict: 'busy' | 'waiting' | 'idle' }
);

/** Begins the next task of an instance. @param holdMs after which another process may begin it */
export async function beginTask(channel: ChannelAccess, id: string, holdMs: number): Promise<Beginning> {
  const token = randomUUID();
  const { verdict, task, instance, given } = await runChannelScript(beginTaskScript, channel, [
    ...[id, token],
    ...[holdMs, FAILURES_MAX],
  ]);
  if (verdict === 'begun' && task !== undefined && instance !== undefined)
    return { verdict, given, begun: { task, instance, token } };
  return { verdict: verdict === 'begun' ? 'idle' : verdict, given };
}
