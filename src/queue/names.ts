/** The queues of an account, and what they are called in Redis. */
import { accountNameOf, ledgerNameOf, type StepName } from '../redis/keys.ts';

/** A queue for each step, and one that holds only the schedulers of recurring jobs. */
export type QueueName = StepName | 'redrive';

/** Version 0.1 had them in the singular: its workers get nothing from a ledger of this version. */
const STORED_NAMES: Record<QueueName, string> = { upload: 'uploads', submit: 'submits', redrive: 'retries' };

/** Carries the account, and that it is a rehearsal, because a dashboard tells queues apart by their names. */
export function queueName(queue: QueueName, account: string): string {
  const name = accountNameOf(account);
  const isRehearsal = account === ledgerNameOf('rehearsal', name);
  return [STORED_NAMES[queue], ...(isRehearsal ? ['rehearsal'] : []), name].join('.');
}
