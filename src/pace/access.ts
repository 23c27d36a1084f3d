/** What the pace of an account works with. */
import type { RedisClient } from '../redis/connect.ts';
import type { PaceTarget } from './control.ts';

export interface PaceAccess {
  redis: RedisClient;
  account: string;
  target: PaceTarget;
}
