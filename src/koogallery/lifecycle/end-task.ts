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
  | ({ outcome: 'later'; reason: string; delayMs: number; isAlive: boolean } & Partial<Meanwhile>)
  | { outcome: 'refused'; reason: string }
  /** Nobody needs it any more. */
  | { outcome: 'withdrawn'; reason: string };

/** Of a task that is tried again after a while. `isAlive`: whoever does the work asks for patience, which is no failure. */
interface Meanwhile {
  /** Fields of the instance, and those that it has no longer. */
  set: Readonly<Record<string, string>>;
  drop: readonly string[];
  /** Its buyer can reach it from now on, though it is not what it will be. */
  isReady: boolean;
  /** Of a create: for whom it waits. Only who does the work can be late. */
  awaits: 'buyer' | 'work';
}

export function endTask(
  channel: ChannelAccess,
  { task, instance, token }: Begun,
  ending: Ending,
): Promise<Ended> {
  const values = [
    instance.id,
    task.version,
    token,
    FAILURES_MAX,
    jsonForScript({ set: {}, drop: [], ...ending }),
  ];
  return runChannelScript(endTaskScript, channel, values);
}
