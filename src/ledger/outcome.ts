/**
 * What becomes of a row, and which change may follow which.
 *
 *   pending ──▶ uploading ──▶ uploaded ──▶ submitting ──▶ submitted
 *      ▲            │             ▲             │
 *      └────────────┘             └─────────────┘      a call that was refused or failed goes back one step
 *
 * From every step a row may end as `failed`, and before its submit as `cancelled`; `unchanged` is decided when a row
 * enters a batch. `failed` and `cancelled` go back to `pending` only by a redrive.
 * `submitting → submitting` is a repeated attempt whose predecessor's answer was lost.
 */
export const OUTCOMES = [
  'pending',
  'uploading',
  'uploaded',
  'submitting',
  'submitted',
  'failed',
  'unchanged',
  'cancelled',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

export const TRANSITIONS: Record<Outcome, readonly Outcome[]> = {
  pending: ['uploading', 'failed', 'cancelled'],
  uploading: ['uploading', 'pending', 'uploaded', 'failed', 'cancelled'],
  uploaded: ['submitting', 'failed', 'cancelled'],
  submitting: ['submitting', 'uploaded', 'submitted', 'failed'],
  // A person who settles a parked row may find that it failed.
  failed: ['pending', 'submitted', 'failed'],
  cancelled: ['pending'],
  submitted: [],
  unchanged: [],
};

/** Nothing more happens to such a row on its own. */
const FINAL_OUTCOMES: readonly Outcome[] = ['submitted', 'failed', 'unchanged', 'cancelled'];
export const ACTIVE_OUTCOMES: readonly Outcome[] = OUTCOMES.filter(
  (outcome) => !FINAL_OUTCOMES.includes(outcome),
);

export type OutcomeCounts = Record<Outcome, number>;

export function countActive(counts: OutcomeCounts): number {
  return ACTIVE_OUTCOMES.reduce((sum, outcome) => sum + counts[outcome], 0);
}
