/** Deletes batches with their customers' data; only fingerprints of what was submitted are kept. */
import { AppError } from '../errors.ts';
import type { OpenAccount } from '../onboarding/open-account.ts';
import type { By } from './by.ts';
import { bySchema, checkOrder } from './orders.ts';

const DAY_MS = 86_400_000;

export interface Purged {
  rows: number;
}

/** @throws AppError BATCH_STATE if the batch is not finished */
export async function purge(
  { ledger, logger }: Pick<OpenAccount, 'ledger' | 'logger'>,
  batchId: string,
  { by }: By,
): Promise<Purged> {
  checkOrder(bySchema, { by });
  const { state, total } = await ledger.requireBatch(batchId);
  if (state !== 'finished')
    throw new AppError(
      'BATCH_STATE',
      `Batch ${batchId} is ${state}; only a finished batch can be purged. Cancel it first.`,
    );
  await ledger.purge(batchId);
  // The history of the batch is gone with it, so what is left is this line.
  logger.info({ event: 'batch_purged', batch: batchId, by }, 'batch purged');
  return { rows: total };
}

/** Deletes the batches whose retention period is over. */
export async function purgeExpired({
  ledger,
  settings,
  logger,
  now,
}: Pick<OpenAccount, 'ledger' | 'settings' | 'logger' | 'now'>): Promise<void> {
  const keptSince = now() - settings.retentionDays * DAY_MS;
  for (const { id } of await ledger.listFinishedBefore(keptSince)) {
    await ledger.purge(id);
    logger.info({ event: 'batch_purged', batch: id, by: 'retention' }, 'retention period over');
  }
}
