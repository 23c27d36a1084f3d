import type { LedgerAccess } from './access.ts';
import { requireBatch } from './read-batch.ts';
import { readRows } from './read-row.ts';
import type { StoredRow } from './row-record.ts';

/** Rows read or written by one command. */
export const CHUNK_ROWS = 500;

/** Every row of a batch in order, in chunks. */
export async function* iterateChunks(ledger: LedgerAccess, batchId: string): AsyncGenerator<StoredRow[]> {
  const { lastRow } = await requireBatch(ledger, batchId);
  for (let first = 1; first <= lastRow; first += CHUNK_ROWS) {
    const length = Math.min(CHUNK_ROWS, lastRow - first + 1);
    const numbers = Array.from({ length }, (_, index) => first + index);
    yield await readRows(ledger, batchId, numbers);
  }
}

/** Every row of a batch in order, one by one. */
export async function* iterateRows(ledger: LedgerAccess, batchId: string): AsyncGenerator<StoredRow> {
  for await (const chunk of iterateChunks(ledger, batchId)) yield* chunk;
}
