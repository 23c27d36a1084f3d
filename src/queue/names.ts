/** The queues of an account, and what they are called in Redis. */
import type { StepName } from '../redis/keys.ts';

/** A queue for each step, and one that holds only the schedulers of recurring jobs. */
export type QueueName = StepName | 'redrive';

const STORED_NAMES: Record<QueueName, string> = { upload: 'upload', submit: 'submit', redrive: 'retry' };

/** Carries the account, because a dashboard tells queues apart by their names. */
export function queueName(queue: QueueName, account: string): string {
  return `${STORED_NAMES[queue]}.${account}`;
}
