/**
 * The pause of an account: decided by a person, or held because its ledger cannot be trusted. It is checked before every
 * call and kept apart from the queues, because nothing that happens to BullMQ's keys may let a paused account continue.
 */
import { randomUUID } from 'node:crypto';
import type { RedisClient } from '../redis/connect.ts';
import { accountKeys } from '../redis/keys.ts';
import { redisTime } from '../redis/time.ts';
import { endStandstill } from './end-standstill.ts';
import { hold as holdAccount, release as releaseHold } from './hold.ts';

const MICROSECONDS_PER_MS = 1_000;

/** Why an account is held until somebody recovers it. */
export type HoldReason = 'LEDGER_WENT_BACK' | 'RECOVERING';

export interface PauseFact {
  /** Since when, in milliseconds since 1970. */
  at: number;
  by: string;
  /** Set if resuming is not enough: the account must be recovered first. */
  why: HoldReason | undefined;
}

export type Pause = ReturnType<typeof createPause>;

export function createPause(redis: RedisClient, account: string) {
  const key = accountKeys(account).paused;

  /** Nothing is granted from here on. Whoever paused first stays on record. */
  async function set(by: string): Promise<void> {
    const at = String(Math.floor((await redisTime(redis, key)) / MICROSECONDS_PER_MS));
    await redis.multi().hsetnx(key, 'at', at).hsetnx(key, 'by', by).hset(key, { person: '1' }).exec();
  }

  /**
   * The same, until a recovery ends it: resuming does not. A person may have paused before that, for another reason.
   * @param last the highest number of a submit that was seen: after a later recovery, no hold is needed
   * @returns whether the account is held
   */
  function hold(by: string, last: number): Promise<boolean> {
    return holdAccount(redis, account, { by, why: 'LEDGER_WENT_BACK', last });
  }

  /** Holds the account for a recovery. @returns names the hold for `release` */
  async function beginRecovery(by: string): Promise<string> {
    const token = randomUUID();
    await holdAccount(redis, account, { by, why: 'RECOVERING', token });
    return token;
  }

  /**
   * Ends the hold of a recovery, unless another holds the account by now. The account stays paused if a person wanted that
   * too.
   */
  async function release(token: string): Promise<void> {
    if (!(await releaseHold(redis, account, token))) return;
    if ((await redis.hexists(key, 'person')) === 0) await clear();
  }

  /** Ends a pause, but not a hold. */
  async function clear(): Promise<void> {
    await endStandstill(redis, account, 'paused');
  }

  async function read(): Promise<PauseFact | undefined> {
    const { at, by = '', why, heldAt } = await redis.hgetall(key);
    if (at === undefined) return undefined;
    const since = why === undefined ? at : (heldAt ?? at);
    return { at: Number(since), by, why: why as HoldReason | undefined };
  }

  return { set, hold, beginRecovery, release, clear, read };
}
