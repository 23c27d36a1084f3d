import { type Columns, parseColumns } from '../customer/columns.ts';
import type { LedgerAccess } from './access.ts';
import { requireBatch } from './read-batch.ts';

const REMEMBERED_BATCHES_MAX = 100;

const remembered = new WeakMap<LedgerAccess, Map<string, Columns>>();

/** The columns of a batch; they never change, so a worker reads them once. */
export async function readColumns(ledger: LedgerAccess, batchId: string): Promise<Columns> {
  const columnsOf = remembered.get(ledger) ?? new Map<string, Columns>();
  remembered.set(ledger, columnsOf);
  const known = columnsOf.get(batchId);
  if (known) return known;
  const columns = parseColumns((await requireBatch(ledger, batchId)).columns);
  if (columnsOf.size >= REMEMBERED_BATCHES_MAX) columnsOf.clear();
  columnsOf.set(batchId, columns);
  return columns;
}
