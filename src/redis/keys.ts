/** Every Redis key of an account. They share one hash tag, so one script can move a row and its counters on a cluster. */

/** What every row goes through. Each step has a queue, one limited operation and a pace of its own. */
export const STEPS = ['upload', 'submit'] as const;
export type StepName = (typeof STEPS)[number];

/** The names of the paces in Redis: those of the operations that the peer limits. */
const PACE_NAMES = { upload: 'authorize', submit: 'submit' } as const satisfies Record<StepName, string>;

/** BullMQ's prefix, and ours: the account in braces. */
export function prefixOf(account: string): string {
  return `{onboard:${account}}`;
}

export function batchKeys(account: string, batchId: string) {
  const batch = `${prefixOf(account)}:batch:${batchId}`;
  return {
    batch,
    rows: `${batch}:rows`,
    inputs: `${batch}:inputs`,
    events: `${batch}:events`,
    log: `${batch}:log`,
    redrives: `${batch}:redrives`,
  };
}

export function accountKeys(account: string) {
  const prefix = prefixOf(account);
  return {
    customers: `${prefix}:customers`,
    batches: `${prefix}:batches`,
    sources: `${prefix}:sources`,
    recoverable: `${prefix}:recoverable`,
    unfinishedRedrives: `${prefix}:unfinishedRedrives`,
    schedule: `${prefix}:schedule`,
    breaker: `${prefix}:breaker`,
    paused: `${prefix}:paused`,
    upkeep: `${prefix}:upkeep`,
    upkeepReport: `${prefix}:upkeepReport`,
    pace: (step: StepName) => `${prefix}:pace:${PACE_NAMES[step]}`,
  };
}
