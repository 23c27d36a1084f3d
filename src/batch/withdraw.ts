/** Takes the waiting jobs of a batch out of the queues, so that they take no turns from other batches. */
import { CHUNK_ROWS } from '../ledger/iterate-rows.ts';
import type { RecordOfRow } from '../ledger/read-records.ts';
import type { OpenAccount } from '../onboarding/open-account.ts';
import { removeJobs } from '../queue/remove.ts';
import { jobOf } from './jobs-due.ts';

type Withdrawing = Pick<OpenAccount, 'ledger' | 'queues'>;

/** Removes the jobs of rows; one that is already running stays, and ends by itself. */
export async function withdrawJobs(
  { queues }: Pick<Withdrawing, 'queues'>,
  batchId: string,
  rows: readonly RecordOfRow[],
): Promise<void> {
  await removeJobs(
    queues,
    rows.map((row) => jobOf(batchId, row)),
  );
}

/** A batch was paused while its jobs wait: whoever notices first withdraws them, unless the batch is resumed meanwhile. */
export async function withdrawPaused({ ledger, queues }: Withdrawing, batchId: string): Promise<void> {
  if (!(await ledger.claimWithdrawal(batchId))) return;
  const selection = { outcomes: ['pending', 'uploaded'], size: CHUNK_ROWS } as const;
  for await (const numbers of ledger.iteratePortions(batchId, selection)) {
    if ((await ledger.readBatch(batchId))?.pausedAt === undefined) return;
    const { rows } = await ledger.readRecords(batchId, numbers);
    await withdrawJobs({ queues }, batchId, rows);
  }
}
