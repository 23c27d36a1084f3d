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
    /** The agreement store of the account: its id, and by which name the account is known there. */
    store: `${prefix}:store`,
    /** Held for as long as the store need not be swept again. */
    storeSwept: `${prefix}:store:swept`,
    /** When the peer last answered any process, by the host that was called. */
    contacts: `${prefix}:contacts`,
    breaker: `${prefix}:breaker`,
    outage: `${prefix}:outage`,
    /** The start of the outage that has ended last, for as long as it may be found to go on. */
    lastOutage: `${prefix}:outage:last`,
    /** Rows that were submitted in the outage. */
    outageSpent: `${prefix}:outage:spent`,
    /** Calls of an operation in a row that the peer did not answer. */
    outageFailures: (operation: string) => `${prefix}:outage:failures:${operation}`,
    /** Jobs that wait because the peer did not answer. */
    outageAside: (step: StepName) => `${prefix}:outage:aside:${step}`,
    standstills: `${prefix}:standstills`,
    firstRuns: `${prefix}:firstRuns`,
    paused: `${prefix}:paused`,
    upkeep: `${prefix}:upkeep`,
    upkeepReport: `${prefix}:upkeepReport`,
    pace: (step: StepName) => `${prefix}:pace:${PACE_NAMES[step]}`,
  };
}
