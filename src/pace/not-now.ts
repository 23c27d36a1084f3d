/** Why a call may not be sent now, and for how long. */
export class NotNow extends Error {
  readonly reason: 'throttled' | 'breaker';
  readonly waitMs: number;

  constructor(reason: 'throttled' | 'breaker', waitMs: number) {
    super(reason === 'breaker' ? 'The breaker of the account is open.' : 'The peer asked for a pause.');
    this.name = 'NotNow';
    this.reason = reason;
    this.waitMs = waitMs;
  }
}
