/** Every Redis key of an account. They share one hash tag, so one script can move a row and its counters on a cluster. */

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
    pace: (operation: string) => `${prefix}:pace:${operation}`,
  };
}
