/** The paused batches for which a batch waits, if it does nothing else. */
import type { Batch } from '../ledger/batch-record.ts';
import { CHUNK_ROWS } from '../ledger/iterate-rows.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { countActive } from '../ledger/outcome.ts';

type Reading = Pick<Ledger, 'iteratePortions' | 'readRecords' | 'readBatch'>;

/** A batch of which more rows wait is said to wait, but not for what. */
const PORTIONS_MAX = 5;

/** @returns their ids; none if a row may move, or waits for a batch that is not paused */
export async function findPausedLeads(ledger: Reading, batch: Batch): Promise<string[]> {
  const { id, counts } = batch;
  const isAllWaiting = counts.waiting > 0 && counts.waiting === countActive(counts);
  if (!isAllWaiting || counts.waiting > PORTIONS_MAX * CHUNK_ROWS) return [];
  const paused = new Map<string, boolean>();
  for await (const portion of ledger.iteratePortions(id, { outcomes: ['waiting'], size: CHUNK_ROWS })) {
    const { rows } = await ledger.readRecords(id, portion);
    for (const { record } of rows) {
      const lead = record.lead?.batchId;
      if (lead === undefined) return [];
      if (!paused.has(lead)) paused.set(lead, (await ledger.readBatch(lead))?.state === 'paused');
      if (paused.get(lead) === false) return [];
    }
  }
  return [...paused.keys()];
}
