/** Which failed rows a redrive picks. Pure. */
import { AppError } from '../errors.ts';
import type { RecordOfRow } from '../ledger/read-records.ts';
import type { RowSelection } from '../ledger/row-numbers.ts';

export interface RedriveFilter {
  codes?: readonly string[];
  rows?: readonly number[];
  outcomes?: readonly ('failed' | 'cancelled')[];
  allFailed?: boolean;
}

interface Filter {
  /** Where such rows are found. */
  selection: RowSelection;
  /** Whether a row that was found is one of them. */
  picks(row: RecordOfRow): boolean;
}

/** @throws AppError USAGE if nothing is asked for: an empty filter would mean everything or nothing. */
export function createFilter({
  codes = [],
  rows = [],
  outcomes = [],
  allFailed = false,
}: RedriveFilter): Filter {
  if (codes.length + rows.length + outcomes.length === 0 && !allFailed)
    throw new AppError('USAGE', 'Say which rows: --code, --row, --outcome or --all-failed.');
  const allowed = outcomes.length > 0 ? outcomes : (['failed'] as const);
  function picks({ row, record }: RecordOfRow): boolean {
    if (!allowed.some((outcome) => outcome === record.outcome)) return false;
    if (codes.length > 0 && !codes.includes(record.code ?? '')) return false;
    return rows.length === 0 || rows.includes(row);
  }
  return { selection: { outcomes: allowed }, picks };
}

/** The filter as a person would say it, for the history of the batch. */
export function describeFilter({ codes = [], rows = [], outcomes = [], allFailed }: RedriveFilter): string {
  const parts = [
    allFailed && 'all failed',
    ...codes.map((code) => `code ${code}`),
    ...outcomes,
    rows.length > 0 && `rows ${rows.join(', ')}`,
  ];
  return parts.filter(Boolean).join(', ');
}
