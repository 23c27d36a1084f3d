/** Holds an account because its ledger cannot be trusted, until a recovery has ended. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { RedisClient } from '../redis/connect.ts';
import { accountKeys } from '../redis/keys.ts';
import { CLOCK, defineScript } from '../redis/script.ts';
import { ENDING_PAUSE, flat, type QueueKeys } from './clear-pause.ts';
import { STANDSTILLS_KEPT_MS } from './standstill.ts';

/** Why an account is held until somebody recovers it. */
export type HoldReason = 'LEDGER_WENT_BACK' | 'LEDGER_EMPTY' | 'RECOVERING';

/** What is known of a loss by which an account is held. */
export interface Loss {
  why?: Exclude<HoldReason, 'RECOVERING'>;
  /** When the last submit was noted in the agreement store, in milliseconds since 1970. */
  lastAt?: number | undefined;
}

const WENT_BACK = 'LEDGER_WENT_BACK' satisfies HoldReason;
const RECOVERING = 'RECOVERING' satisfies HoldReason;

const HELD = new URL('./held.lua', import.meta.url);

export const holdScript = defineScript(new URL('./hold.lua', import.meta.url), {
  includes: [CLOCK, HELD],
  decode: z.object({ isHeld: z.literal([0, 1]).transform((flag) => flag === 1) }).parse,
});

export const beginRecoveryScript = defineScript(new URL('./begin-recovery.lua', import.meta.url), {
  includes: [CLOCK, HELD],
  isOnce: true,
  decode: z.object({ raisedTo: z.number() }).parse,
});

export const releaseScript = defineScript(new URL('./release.lua', import.meta.url), {
  includes: [...ENDING_PAUSE, HELD],
  isOnce: true,
  decode: z.object({ left: z.enum(['nothing', 'pause', 'hold', 'forgotten']) }).parse,
});

/** A recovery that has begun. */
export interface Recovery {
  by: string;
  token: string;
  /** Submits go on above this number. */
  raisedTo: number;
}

/** What keeps the account from going on when a recovery has ended; see `release.lua`. */
export type Left = ReturnType<typeof releaseScript.decode>['left'];

/**
 * @param last of the submits that whoever holds the account has seen, the highest number: a later recovery has settled them
 * @returns false if the account was recovered since
 */
export async function hold(
  redis: RedisClient,
  account: string,
  { by, last, why = WENT_BACK, lastAt }: { by: string; last: number } & Loss,
): Promise<boolean> {
  const { paused, counters } = accountKeys(account);
  return (await holdScript.run(redis, [paused, counters], [by, why, last, lastAt ?? ''])).isHeld;
}

/**
 * @param noted the highest number of a submit that is known outside of Redis
 * @param lastAt when that was noted, in milliseconds since 1970, if Redis knows of no submit at all
 */
export async function beginRecovery(
  redis: RedisClient,
  account: string,
  { by, noted, lastAt }: { by: string; noted: number } & Pick<Loss, 'lastAt'>,
): Promise<Recovery> {
  const { paused, counters } = accountKeys(account);
  const token = randomUUID();
  const values = [by, RECOVERING, token, noted, lastAt ?? ''];
  const { raisedTo } = await beginRecoveryScript.run(redis, [paused, counters], values);
  return { by, token, raisedTo };
}

export async function release(
  redis: RedisClient,
  account: string,
  { by, token, raisedTo, queues }: Recovery & { queues: readonly QueueKeys[] },
): Promise<Left> {
  const { paused, counters, standstills } = accountKeys(account);
  const values = [token, raisedTo, by, WENT_BACK, STANDSTILLS_KEPT_MS];
  const keys = [paused, counters, standstills, ...flat(queues)];
  return (await releaseScript.run(redis, keys, values)).left;
}
