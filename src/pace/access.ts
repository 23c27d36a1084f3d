/** What the pace of an account works with. */
import type { RedisClient } from '../redis/connect.ts';
import type { PaceTarget } from './control.ts';

export interface PaceAccess {
  redis: RedisClient;
  account: string;
  target: PaceTarget;
}

/** On which slots are granted. */
export interface SlotTerms extends PaceAccess {
  /** Time between two probes of an open breaker, in milliseconds. */
  probeEveryMs: number;
  /** The call leaves although the breaker is open, and is no probe of it. */
  passesBreaker?: boolean | undefined;
  /** Longest turn of a row to probe whether an outage is over, in milliseconds. */
  turnMs: number;
}
