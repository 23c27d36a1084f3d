/** Which failed rows a redrive picks. Pure. */
import { AppError } from '../errors.ts';
import type { StoredRow } from '../ledger/row-record.ts';

export interface RedriveFilter {
  codes?: readonly string[];
  rows?: readonly number[];
  outcomes?: readonly ('failed' | 'cancelled')[];
  allFailed?: boolean;
}

/** @throws AppError USAGE if nothing is asked for: an empty filter would mean everything or nothing. */
export function createFilter({ codes = [], rows = [], outcomes = [], allFailed = false }: RedriveFilter) {
  if (codes.length + rows.length + outcomes.length === 0 && !allFailed)
    throw new AppError('USAGE', 'Say which rows: --code, --row, --outcome or --all-failed.');
  const allowed = outcomes.length > 0 ? outcomes : ['failed'];
  return ({ row, record }: StoredRow): boolean => {
    if (!allowed.some((outcome) => outcome === record.outcome)) return false;
    if (codes.length > 0 && !codes.includes(record.code ?? '')) return false;
    if (rows.length > 0 && !rows.includes(row)) return false;
    // A parked row may have been accepted: it is sent again only if it is asked for by row or code.
    return !record.parked || rows.length > 0 || codes.length > 0;
  };
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
