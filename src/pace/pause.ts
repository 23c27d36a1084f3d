/**
 * The pause of an account: decided by a person, or held because its ledger cannot be trusted. It is checked before every
 * call and kept apart from the queues, because nothing that happens to BullMQ's keys may let a paused account continue.
 * That the queues are paused too is for dashboards, and for workers to fetch nothing: it is written in the same step, so
 * that no death leaves queues paused by nobody.
 */
import type { RedisClient } from '../redis/connect.ts';
import { accountKeys } from '../redis/keys.ts';
import { clearPause, type QueueKeys } from './clear-pause.ts';
import {
  beginRecovery as beginToRecover,
  type HoldReason,
  hold as holdAccount,
  type Left,
  type Loss,
  type Recovery,
  release as releaseHold,
} from './hold.ts';
import { setPause } from './set-pause.ts';

/** What an earlier version wrote in the place of the name of the person who has paused. */
const UNNAMED = '1';

export interface PauseFact {
  /** Since when, in milliseconds since 1970. */
  at: number;
  by: string;
  /** Set if resuming is not enough: the account must be recovered first. */
  why: HoldReason | undefined;
  /** When the last submit was noted of which Redis knows nothing, in milliseconds since 1970. */
  lastAt?: number | undefined;
}

export type Pause = ReturnType<typeof createPause>;

export function createPause(redis: RedisClient, account: string, queues: readonly QueueKeys[]) {
  const key = accountKeys(account).paused;

  /** Nothing is granted from here on. Whoever paused first stays on record. */
  function set(by: string): Promise<void> {
    return setPause(redis, account, { by, queues });
  }

  /**
   * The same, until a recovery ends it: resuming does not. A person may have paused before that, for another reason.
   * @param last the highest number of a submit that was seen: after a later recovery, no hold is needed
   * @returns whether the account is held
   */
  function hold(by: string, last: number, loss: Loss = {}): Promise<boolean> {
    return holdAccount(redis, account, { by, last, ...loss });
  }

  /**
   * Holds the account for a recovery, and lets the numbers of its submits go on above all that were given before.
   * @param noted the highest number of a submit that is known outside of Redis
   * @param lastAt when that was noted, in milliseconds since 1970, if Redis knows of no submit at all
   */
  function beginRecovery(by: string, noted = 0, lastAt?: number): Promise<Recovery> {
    return beginToRecover(redis, account, { by, noted, lastAt });
  }

  /**
   * Ends the hold of a recovery, unless another holds the account by now. The account stays paused if a person wanted that
   * too.
   */
  function release(recovery: Recovery): Promise<Left> {
    return releaseHold(redis, account, { ...recovery, queues });
  }

  /** Ends a pause, unless the account is held. */
  function clear(): Promise<{ isHeld: boolean }> {
    return clearPause(redis, account, queues);
  }

  async function read(): Promise<PauseFact | undefined> {
    const { at, by = '', why, heldAt, lastAt, person = UNNAMED, personAt } = await redis.hgetall(key);
    if (at === undefined) return undefined;
    if (why !== undefined) {
      const held = { at: Number(heldAt ?? at), by, why: why as HoldReason };
      return lastAt === undefined ? held : { ...held, lastAt: Number(lastAt) };
    }
    // A worker may have held the account before that.
    return { at: Number(personAt ?? at), by: person === UNNAMED ? by : person, why: undefined };
  }

  return { set, hold, beginRecovery, release, clear, read };
}
