/** Why a call may not be sent now, and for how long. */
export type NotNowReason = 'throttled' | 'breaker' | 'paused';

const MESSAGES: Record<NotNowReason, string> = {
  throttled: 'The peer asked for a pause.',
  breaker: 'The breaker of the account is open.',
  paused: 'The account is paused.',
};

export class NotNow extends Error {
  readonly reason: NotNowReason;
  /** In milliseconds; infinite where it takes a person. */
  readonly waitMs: number;

  constructor(reason: NotNowReason, waitMs: number) {
    super(MESSAGES[reason]);
    this.name = 'NotNow';
    this.reason = reason;
    this.waitMs = waitMs;
  }
}
