/** Why a call may not be sent now, and for how long. */
const REASONS = {
  throttled: 'The peer asked for a pause.',
  breaker: 'The breaker of the account is open.',
  paused: 'The account is paused.',
  outage: 'The peer is not answering.',
  spent: 'The peer is not answering, and this row was already submitted during this outage.',
} as const;
export type NotNowReason = keyof typeof REASONS;

export class NotNow extends Error {
  readonly reason: NotNowReason;
  /** In milliseconds; infinite if only a person can end the wait. */
  readonly waitMs: number;

  constructor(reason: NotNowReason, waitMs: number) {
    super(REASONS[reason]);
    this.name = 'NotNow';
    this.reason = reason;
    this.waitMs = waitMs;
  }
}
