/** Deletes batches with their customers' data; only fingerprints of what was submitted, and reviews, are kept. */
import { AppError } from '../errors.ts';
import type { OpenAccount } from '../onboarding/open-account.ts';
import { plural } from '../text.ts';
import type { By } from './by.ts';
import { bySchema, checkOrder } from './orders.ts';

const DAY_MS = 86_400_000;

/** What was deleted. */
export interface Purged {
  rows: number;
}

/** @throws AppError BATCH_STATE if the batch is not finished, or a person must decide about some of its rows first */
export async function purge(
  { ledger, logger }: Pick<OpenAccount, 'ledger' | 'logger'>,
  batchId: string,
  { by }: By,
): Promise<Purged> {
  checkOrder(bySchema, { by });
  const { total, parked } = await ledger.requireBatch(batchId);
  const verdict = await ledger.purge(batchId, by);
  if (verdict === 'parked')
    throw new AppError(
      'BATCH_STATE',
      `Batch ${batchId} has ${plural(parked, 'parked row')}; settle them first.`,
    );
  if (verdict !== 'done' && verdict !== 'gone')
    throw new AppError(
      'BATCH_STATE',
      `Batch ${batchId} is ${verdict}; only a finished batch can be purged. Cancel it first.`,
    );
  // The history of the batch is gone with it, so what is left is this line.
  logger.info({ event: 'batch_purged', batch: batchId, by }, 'batch purged');
  return { rows: total };
}

/** Deletes the batches whose retention period is over; one with parked rows is kept until they are settled. */
export async function purgeExpired({
  ledger,
  settings,
  logger,
  now,
}: Pick<OpenAccount, 'ledger' | 'settings' | 'logger' | 'now'>): Promise<void> {
  const keptSince = now() - settings.retentionDays * DAY_MS;
  const finished = await ledger.listFinishedBefore(now());
  // A purge that was interrupted is completed.
  const due = finished.filter((batch) => batch.purgingAt !== undefined || (batch.finished ?? 0) < keptSince);
  for (const { id } of due) {
    const verdict = await ledger.purge(id, 'retention');
    if (verdict === 'done')
      logger.info({ event: 'batch_purged', batch: id, by: 'retention' }, 'retention period over');
  }
}
