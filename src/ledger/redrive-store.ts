/**
 * The redrives of batches: begun, enqueued, and remembered with what became of their rows. A redrive is on record as
 * unfinished before it moves its first row, so that one that was killed in the middle can be completed.
 */
import type { RedisClient } from '../redis/connect.ts';
import { accountKeys, batchKeys } from '../redis/keys.ts';
import { type CountedRedrive, countRedrive, type Redrive, redriveSchema } from './records.ts';

export type NewRedrive = Pick<Redrive, 'kind' | 'by' | 'filter' | 'notBefore'>;

export function createRedriveStore(redis: RedisClient, account: string, now: () => number) {
  const { unfinishedRedrives } = accountKeys(account);
  const memberOf = (batchId: string, round: number) => `${batchId} ${round}`;

  /** Puts a redrive on record; a paused batch goes on where it is one of the kind `resume`. */
  async function beginRedrive(batchId: string, input: NewRedrive): Promise<Redrive> {
    const { batch, redrives } = batchKeys(account, batchId);
    const round = await redis.hincrby(batch, 'round', 1);
    const redrive: Redrive = { ...input, round, begun: now() };
    const writing = redis
      .multi()
      .hset(redrives, String(round), JSON.stringify(redrive))
      .zadd(unfinishedRedrives, redrive.begun, memberOf(batchId, round));
    if (input.kind === 'resume')
      writing.hset(batch, 'state', 'running').hdel(batch, 'pausedWhy', 'streak', 'streakCode', 'withdrawn');
    await writing.exec();
    return redrive;
  }

  /** From here on all rows of the redrive have their jobs. */
  async function endRedrive(batchId: string, redrive: Redrive): Promise<void> {
    const { redrives } = batchKeys(account, batchId);
    await redis
      .multi()
      .hset(redrives, String(redrive.round), JSON.stringify({ ...redrive, enqueued: now() }))
      .zrem(unfinishedRedrives, memberOf(batchId, redrive.round))
      .exec();
  }

  /** Redrives that were begun before a time and never ended; one whose batch was purged is forgotten. */
  async function listUnfinishedRedrives(
    begunBefore: number,
  ): Promise<{ batchId: string; redrive: Redrive }[]> {
    const members = await redis.zrangebyscore(unfinishedRedrives, '-inf', begunBefore);
    const found = [];
    for (const member of members) {
      const [batchId = '', round = ''] = member.split(' ');
      const text = await redis.hget(batchKeys(account, batchId).redrives, round);
      if (text) found.push({ batchId, redrive: redriveSchema.parse(JSON.parse(text)) });
      else await redis.zrem(unfinishedRedrives, member);
    }
    return found;
  }

  /** Oldest first. */
  async function listRedrives(batchId: string): Promise<CountedRedrive[]> {
    const { batch, redrives } = batchKeys(account, batchId);
    const [stored, hash] = await Promise.all([redis.hvals(redrives), redis.hgetall(batch)]);
    return stored
      .map((text) => countRedrive(hash, redriveSchema.parse(JSON.parse(text))))
      .sort((a, b) => a.round - b.round);
  }

  return { beginRedrive, endRedrive, listUnfinishedRedrives, listRedrives };
}
