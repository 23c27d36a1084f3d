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

/** The ledger of an account: scripts make all of its other keys from this one. */
export function ledgerKey(account: string): string {
  return `${prefixOf(account)}:ledger`;
}

export function batchKeys(account: string, batchId: string) {
  const batch = `${ledgerKey(account)}:batch:${batchId}`;
  return {
    batch,
    rows: `${batch}:rows`,
    inputs: `${batch}:inputs`,
    /** Rows with an outcome, one bit for each row. */
    rowsWith: (outcome: string) => `${batch}:is:${outcome}`,
    /** Failed rows by code: how many there are, and one bit for each row. */
    codes: `${batch}:codes`,
    rowsOfCode: (code: string) => `${batch}:code:${code}`,
    events: `${batch}:events`,
    log: `${batch}:log`,
    redrives: `${batch}:redrives`,
  };
}

export function accountKeys(account: string) {
  const prefix = prefixOf(account);
  const ledger = ledgerKey(account);
  return {
    batches: `${ledger}:batches`,
    sources: `${ledger}:sources`,
    /** Who may send a customer now: the place of a row. */
    claims: `${ledger}:claims`,
    /** The submit of each customer that counts. */
    submitted: `${ledger}:submitted`,
    /** Attempts of each customer whose outcome is unknown. */
    parked: `${ledger}:parked`,
    /** All rows that a customer ever had. */
    rowsOf: `${ledger}:rowsOf`,
    gone: (batchId: string) => `${ledger}:gone:${batchId}`,
    recoverable: `${ledger}:recoverable`,
    schedule: `${ledger}:schedule`,
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
    /** Worker processes by the time at which they count as gone, and what they say of themselves. */
    workers: `${prefix}:workers`,
    aboutWorkers: `${prefix}:workers:about`,
    workersLastSeen: `${prefix}:workers:lastSeen`,
    upkeep: `${prefix}:upkeep`,
    upkeepReport: `${prefix}:upkeepReport`,
    pace: (step: StepName) => `${prefix}:pace:${PACE_NAMES[step]}`,
  };
}
