import { z } from 'zod';
import { jsonForScript } from '../../redis/json.ts';
import { type ChannelAccess, defineChannelScript, runChannelScript } from '../registry/scripts.ts';
import { TASK_STATES } from '../registry/task-record.ts';
import { type Begun, FAILURES_MAX } from './begin-task.ts';

const resultSchema = z.object({
  verdict: z.enum(['ended', 'lost']),
  state: z.union([z.enum(TASK_STATES), z.literal('')]),
  isDue: z.literal([0, 1]).transform((flag) => flag === 1),
});

/** `lost`: another process may have begun the task again, so nothing was written. */
export type Ended = z.output<typeof resultSchema>;

export const endTaskScript = defineChannelScript(new URL('./end-task.lua', import.meta.url), {
  needs: 'tasks',
  decode: resultSchema.parse,
});

/** What became of an attempt. */
export type Ending =
  /** `set`: fields of the instance. `isReady`: it can be used from now on. */
  | { outcome: 'done'; set: Readonly<Record<string, string>>; isReady: boolean }
  /** To be tried again after a while. `isAlive`: whoever does the work asks for patience, which is no failure. */
  | { outcome: 'later'; reason: string; delayMs: number; isAlive: boolean }
  | { outcome: 'refused'; reason: string };

export function endTask(
  channel: ChannelAccess,
  { task, instance, token }: Begun,
  ending: Ending,
): Promise<Ended> {
  const values = [instance.id, task.version, token, FAILURES_MAX, jsonForScript({ set: {}, ...ending })];
  return runChannelScript(endTaskScript, channel, values);
}
