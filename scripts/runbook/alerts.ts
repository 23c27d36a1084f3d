/** What the runbook says of each alert beyond its own words: when it comes, and what is true at that moment. */
import type { EventType } from '../../src/notify/events.ts';

const KOOGALLERY = 'See [when it comes and how it ends](koogallery.md#what-people-are-alerted-to).';

export const TRUE_OF_ALERT: Readonly<Record<EventType, string>> = {
  'breaker.opened':
    'At once. Every row keeps its place; one probe every five minutes finds out by itself when it is over.',
  'breaker.closed': 'At once. Rows are sent again.',
  'ledger.went_back':
    'At once. Nothing is sent for the account. What was sent since the backup, or ever, is not on record, so rows that look unsent may have been sent.',
  'outage.began':
    'After 30 seconds without an answer. Rows wait; one at a time finds out whether it is over.',
  'outage.ended': 'Once it has stayed away for a minute.',
  'batch.finished': 'When no row of the batch is on its way any more.',
  'batch.paused': 'At once. Its rows keep their place, other batches go on.',
  'row.parked':
    'Soon after. These rows were sent and may have arrived; they are not sent again by themselves.',
  'review.overdue': 'Once a day. Nothing is wrong: nobody has recorded how Alibaba Cloud decided.',
  'workers.absent': 'After a minute. Rows keep their place.',
  'redis.memory': 'At 90 %. Everything still works; at 100 % imports are refused and workers wait.',
  'redis.unreachable': 'After 30 seconds, from every process. What was confirmed is kept.',
  'disk.low': 'Imports may soon be refused; rows that are enqueued are not affected.',
  'koogallery.call_failed': KOOGALLERY,
  'koogallery.unverified': KOOGALLERY,
  'koogallery.create_late': KOOGALLERY,
  'koogallery.data_late': KOOGALLERY,
  'koogallery.task_refused': KOOGALLERY,
  'koogallery.license_empty': KOOGALLERY,
  'koogallery.left_behind': KOOGALLERY,
  'usage.deadline': KOOGALLERY,
  'usage.abnormal': KOOGALLERY,
};
