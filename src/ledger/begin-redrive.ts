import { accountKeys, batchKeys } from '../redis/keys.ts';
import type { LedgerAccess } from './access.ts';
import { memberOf, type Redrive, serializeRedrive } from './redrive-record.ts';

export type NewRedrive = Pick<Redrive, 'kind' | 'by' | 'filter' | 'notBefore'>;

/**
 * Puts a redrive on record, as unfinished and before it moves its first row, so that one that was killed in the middle
 * can be completed. A redrive of the kind `resume` also sets a paused batch running again.
 */
export async function beginRedrive(
  { redis, account, now }: LedgerAccess,
  batchId: string,
  input: NewRedrive,
): Promise<Redrive> {
  const { batch, redrives } = batchKeys(account, batchId);
  const number = await redis.hincrby(batch, 'round', 1);
  const redrive: Redrive = { ...input, number, begun: now() };
  const writing = redis
    .multi()
    .hset(redrives, String(number), serializeRedrive(redrive))
    .zadd(accountKeys(account).unfinishedRedrives, redrive.begun, memberOf(batchId, number));
  if (input.kind === 'resume')
    writing.hset(batch, 'state', 'running').hdel(batch, 'pausedWhy', 'streak', 'streakCode', 'withdrawn');
  await writing.exec();
  return redrive;
}
