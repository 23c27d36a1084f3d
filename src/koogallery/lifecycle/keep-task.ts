import { z } from 'zod';
import { type ChannelAccess, defineChannelScript, runChannelScript } from '../registry/scripts.ts';
import type { Begun } from './begin-task.ts';

export const keepTaskScript = defineChannelScript(new URL('./keep-task.lua', import.meta.url), {
  needs: 'base',
  decode: z.object({ isHeld: z.literal([0, 1]).transform((flag) => flag === 1) }).parse,
});

/** Beats for each time that a lease lasts, so that a late one does not lose it. */
const BEATS = 3;

/** An attempt that is kept for as long as it takes. */
export interface Keeping {
  /** False once it was lost: somebody else may have begun it again. */
  isHeld(): boolean;
  end(): void;
}

/** @param holdMs how long the attempt is ours without a beat, in milliseconds */
export function keepTask(
  channel: ChannelAccess,
  { instance, token }: Pick<Begun, 'instance' | 'token'>,
  holdMs: number,
): Keeping {
  let isHeld = true;
  let isBeating = false;
  const beat = async () => {
    // While Redis is away, one beat waits for it. The end of the attempt finds out what became of it.
    if (!isHeld || isBeating) return;
    isBeating = true;
    const keeping = runChannelScript(keepTaskScript, channel, [instance.id, token, holdMs]);
    const kept = await keeping.catch(() => undefined);
    isBeating = false;
    isHeld = kept?.isHeld ?? isHeld;
  };
  const timer = setInterval(() => void beat(), holdMs / BEATS);
  return { isHeld: () => isHeld, end: () => clearInterval(timer) };
}
