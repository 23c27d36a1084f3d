/**
 * What becomes of a row, and which change may follow which.
 *
 *   pending ──▶ uploading ──▶ uploaded ──▶ submitting ──▶ submitted
 *    ▲   ▲          │             ▲             │
 *    │   └──────────┘             └─────────────┘      a call that was refused or failed goes back one step
 *    ▼
 *   waiting      another row with the same data has this customer
 *
 * From every step a row may end as `failed`, and before its submit as `cancelled`. It is `unchanged` if the same data was
 * submitted before. `failed` and `cancelled` are taken up again only by a redrive.
 * `submitting → submitting` is a repeated attempt whose predecessor's answer was lost.
 */
export const OUTCOMES = [
  'pending',
  'waiting',
  'uploading',
  'uploaded',
  'submitting',
  'submitted',
  'failed',
  'unchanged',
  'cancelled',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What a worker may do; what people and other rows decide is in the scripts of those decisions. */
export const TRANSITIONS: Record<Outcome, readonly Outcome[]> = {
  pending: ['uploading', 'failed', 'cancelled'],
  waiting: [],
  uploading: ['uploading', 'pending', 'uploaded', 'failed', 'cancelled'],
  uploaded: ['submitting', 'failed', 'cancelled'],
  submitting: ['submitting', 'uploaded', 'failed'],
  failed: [],
  cancelled: [],
  submitted: [],
  unchanged: [],
};

/** Nothing more happens to such a row on its own. */
const FINAL_OUTCOMES: readonly Outcome[] = ['submitted', 'failed', 'unchanged', 'cancelled'];
export const ACTIVE_OUTCOMES: readonly Outcome[] = OUTCOMES.filter(
  (outcome) => !FINAL_OUTCOMES.includes(outcome),
);
/** Such a row has a job of its own. */
export const WORKED_OUTCOMES: readonly Outcome[] = ACTIVE_OUTCOMES.filter((outcome) => outcome !== 'waiting');

export type OutcomeCounts = Record<Outcome, number>;

export function countActive(counts: OutcomeCounts): number {
  return ACTIVE_OUTCOMES.reduce((sum, outcome) => sum + counts[outcome], 0);
}
