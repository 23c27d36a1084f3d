/** What came of trying rows again, in words: also of those that were not enqueued, and why. */
import { count } from '../../format.ts';
import { t } from '../../language.ts';

/** The answer of `/retry`. */
export interface Retried {
  rows: number;
  waiting: number;
  unchanged: number;
  doubtful: number;
  left: number;
  /** The first of those that are left. */
  examples: { row: number; why: string }[];
}

export function describeRetried({ rows, waiting, unchanged, doubtful, left, examples }: Retried): string {
  const text = t().batch.retried;
  const reasons = [...new Set(examples.map(({ why }) => why))].join(', ');
  return [
    text.rows(count(rows)),
    waiting > 0 && text.waiting(count(waiting)),
    unchanged > 0 && text.unchanged(count(unchanged)),
    doubtful > 0 && text.doubtful(count(doubtful)),
    left > 0 && text.left(count(left), reasons),
  ]
    .filter(Boolean)
    .join(' ');
}
