/**
 * How many rows are sent before those of a batch, read without the queue library: read-only commands need not load it.
 * BullMQ sorts waiting jobs by priority and then by the order in which they were added.
 */
import type { RedisClient } from '../redis/connect.ts';
import { prefixOf, type StepName } from '../redis/keys.ts';
import { jobIdOf } from './job.ts';
import { queueName } from './names.ts';

/** The score of a job is its priority times this, plus a counter. */
const SCORES_A_PRIORITY = 2 ** 32;
/** Rows whose jobs are looked for, at the end of the batch and spread over all of it. */
const ROWS_LOOKED_FOR = 8;
/** Numbers of redrives that such a job may have, besides 0, newest first. */
const REDRIVES_LOOKED_FOR = 3;

export interface Waiting {
  batchId: string;
  lastRow: number;
  lastRedrive: number;
  priority: number;
  /** Rows that wait for each step. */
  rows: Record<StepName, number>;
  /** Its jobs are not in the queue yet, because the batch starts later. */
  isLater: boolean;
}

interface Access {
  redis: RedisClient;
  account: string;
}

/**
 * Rows of other batches that are sent before the last row of this one, O(log n). It is a lower bound if some of the
 * batch's jobs are elsewhere, such as those that wait for a retry.
 */
export async function countAhead(access: Access, waiting: Waiting): Promise<number> {
  const { rows, isLater } = waiting;
  if (isLater)
    return (
      (await countAsUrgent(access, 'upload', waiting)) + (await countAsUrgent(access, 'submit', waiting))
    );
  // Only its submits are left: its last one waits in the same line as the others.
  if (rows.upload === 0) return rows.submit === 0 ? 0 : countBefore(access, 'submit', waiting);
  const [uploads, submits] = await Promise.all([
    countBefore(access, 'upload', waiting),
    countAsUrgent(access, 'submit', waiting),
  ]);
  // What waits for its submit now is submitted before a row that is not yet uploaded.
  return uploads + Math.max(submits - rows.submit, 0);
}

/** Jobs of a step that are as urgent as those of the batch, or more. */
export function countAsUrgent(
  access: Access,
  step: StepName,
  { priority }: Pick<Waiting, 'priority'>,
): Promise<number> {
  return access.redis.zcount(prioritizedKey(access, step), '-inf', `(${(priority + 1) * SCORES_A_PRIORITY}`);
}

/** Jobs of others that are before the last job of the batch: its place in line, less the batch's own jobs. */
async function countBefore(access: Access, step: StepName, waiting: Waiting): Promise<number> {
  const key = prioritizedKey(access, step);
  const places = await Promise.all(
    candidatesOf(step, waiting).map(async ({ row, id }) => {
      const rank = await access.redis.zrank(key, id);
      // The batch has at most so many jobs up to this row.
      return rank === null ? 0 : rank + 1 - Math.min(row, waiting.rows[step]);
    }),
  );
  return Math.max(...places, 0);
}

/** Jobs that the last rows of the batch may have, and some others in case those are done. */
function candidatesOf(step: StepName, { batchId, lastRow, lastRedrive }: Waiting) {
  const numbers = new Set([0]);
  for (let back = 0; back < REDRIVES_LOOKED_FOR && back < lastRedrive; back++)
    numbers.add(lastRedrive - back);
  const rows = new Set<number>();
  for (let index = 0; index < ROWS_LOOKED_FOR; index++) {
    rows.add(lastRow - index);
    rows.add(Math.ceil((lastRow * (index + 1)) / ROWS_LOOKED_FOR));
  }
  return [...rows]
    .filter((row) => row > 0)
    .flatMap((row) => [...numbers].map((redrive) => ({ row, id: jobIdOf(step, { batchId, row, redrive }) })));
}

function prioritizedKey({ account }: Access, step: StepName): string {
  return `${prefixOf(account)}:${queueName(step, account)}:prioritized`;
}
