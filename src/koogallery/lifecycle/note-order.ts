import { z } from 'zod';
import { jsonForScript } from '../../redis/json.ts';
import { parseFlat } from '../registry/instance-record.ts';
import { type ChannelAccess, defineChannelScript, runChannelScript } from '../registry/scripts.ts';
import { parseTask } from '../registry/task-record.ts';
import type { Begun } from './begin-task.ts';

const resultSchema = z.object({
  isHeld: z.literal([0, 1]).transform((flag) => flag === 1),
  task: z.string().transform((text) => (text === '' ? undefined : parseTask(text))),
  instance: z.array(z.string()).transform(parseFlat),
});

export const noteOrderScript = defineChannelScript(new URL('./note-order.lua', import.meta.url), {
  needs: 'tasks',
  decode: resultSchema.parse,
});

export interface NotedOrder {
  /** JSON, personal data sealed. */
  order: string;
  product: Readonly<Record<string, string>>;
  /** Fields of the instance, if the task creates it. */
  created: Readonly<Record<string, string>>;
}

/** @returns the attempt as it goes on; undefined if it was lost */
export async function noteOrder(
  channel: ChannelAccess,
  { task, instance, token }: Begun,
  { order, product, created }: NotedOrder,
): Promise<Begun | undefined> {
  const about = [instance.id, task.version, token];
  const values = [...about, order, jsonForScript(product), jsonForScript(created)];
  const noted = await runChannelScript(noteOrderScript, channel, values);
  if (!noted.isHeld || noted.task === undefined || noted.instance === undefined) return undefined;
  return { token, task: noted.task, instance: noted.instance };
}
