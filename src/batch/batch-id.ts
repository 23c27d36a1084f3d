/** Ids of batches. */
import { randomInt } from 'node:crypto';

const EPOCH_MS = Date.UTC(2020, 0, 1);
const RANDOM_CHARACTERS = 3;

/**
 * Nine characters that sort by time: seconds since 2020 and a random part, in base 36. Short, because it is part of the
 * id of every job, and a job's hash stays small only while its values are (`queue/queues.ts`).
 * @param now milliseconds since 1970
 */
export function newBatchId(now: number): string {
  const seconds = Math.floor((now - EPOCH_MS) / 1000)
    .toString(36)
    .padStart(6, '0');
  const random = randomInt(36 ** RANDOM_CHARACTERS)
    .toString(36)
    .padStart(RANDOM_CHARACTERS, '0');
  return seconds + random;
}
