import { z } from 'zod';
import { AppError } from '../errors.ts';
import { accountKeys, type StepName } from '../redis/keys.ts';
import { defineScript } from '../redis/script.ts';
import { redisTime } from '../redis/time.ts';
import type { PaceAccess } from './access.ts';
import { initialPace, type PaceState } from './control.ts';
import { parsePace } from './stored-pace.ts';

const ADJUST_TRIES_MAX = 20;

const resultSchema = z.object({ isWritten: z.literal([0, 1]).transform((flag) => flag === 1) });

export const adjustScript = defineScript(new URL('./adjust.lua', import.meta.url), {
  decode: resultSchema.parse,
});

export interface Adjusted {
  state: PaceState;
  /** When it was changed, in microseconds of the Redis clock. */
  now: number;
}

/**
 * Changes the pace of a step for everybody. Several processes may do so at once: whoever was slower reads again.
 * @param change pure, since it may be called again; the same state means that there is nothing to write
 * @throws AppError PACE_CONTENDED if others were faster every time
 */
export async function adjust(
  { redis, account, target }: PaceAccess,
  step: StepName,
  change: (state: PaceState, now: number) => PaceState,
): Promise<Adjusted> {
  const key = accountKeys(account).pace(step);
  for (let tries = 0; tries < ADJUST_TRIES_MAX; tries++) {
    const [stored, now] = await Promise.all([redis.hgetall(key), redisTime(redis, key)]);
    const before = parsePace(stored) ?? initialPace(target, now);
    const state = change(before, now);
    if (state === before) return { state, now };
    const fields = Object.entries(state).flatMap(([field, value]) => [field, Math.round(value)]);
    const { isWritten } = await adjustScript.run(redis, [key], [stored.version ?? '0', ...fields]);
    if (isWritten) return { state, now };
  }
  throw new AppError(
    'PACE_CONTENDED',
    `The pace of ${step} could not be adjusted: too many processes at once.`,
  );
}
