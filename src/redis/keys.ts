/** Every Redis key of an account. They share one hash tag, so one script can move a row and its counters on a cluster. */

/** What every row goes through. Each step has a queue, one limited operation and a pace of its own. */
export const STEPS = ['upload', 'submit'] as const;
export type StepName = (typeof STEPS)[number];

/** The names of the paces in Redis: those of the operations that the peer limits. */
const PACE_NAMES = { upload: 'authorize', submit: 'submit' } as const satisfies Record<StepName, string>;

/** What the peer of a ledger is: Alibaba Cloud, or something that only plays its part. */
export const PEER_KINDS = ['real', 'rehearsal'] as const;
export type PeerKind = (typeof PEER_KINDS)[number];

const LEDGER_WORDS = { real: 'onboard', rehearsal: 'rehearsal' } as const satisfies Record<PeerKind, string>;

/**
 * The name of a ledger: what a simulator accepted says nothing about Alibaba Cloud, so an account has one ledger for each
 * kind of peer. Whatever works on a ledger takes this name where it says `account`.
 */
export function ledgerNameOf(kind: PeerKind, account: string): string {
  return `${LEDGER_WORDS[kind]}:${account}`;
}

/** The account as people know it. */
export function accountNameOf(ledger: string): string {
  return ledger.slice(ledger.indexOf(':') + 1);
}

/** BullMQ's prefix, and ours: the name of the ledger in braces. */
export function prefixOf(account: string): string {
  return `{${account}}`;
}

/** The same of a channel of KooGallery: everything of it is behind this. */
export function channelPrefix(slug: string): string {
  return `{koogallery:${slug}}`;
}

/** The ledger of an account: scripts make all of its other keys from this one. */
export function ledgerKey(account: string): string {
  return `${prefixOf(account)}:ledger`;
}

/** What version 0.1 kept of an account, under the name that a real ledger has now. */
export function formerKeys(account: string) {
  const prefix = prefixOf(ledgerNameOf('real', account));
  return { prefix, batches: `${prefix}:batches`, customers: `${prefix}:customers` };
}

/** Which account name has which access key: of all accounts, so outside of every ledger. */
export const ACCESS_KEYS = '{onboard}:keys';

/** What is told to people of all accounts of a kind: BullMQ's prefix, so that a rehearsal tells nobody of real ones. */
export function alertKeys(kind: PeerKind) {
  const prefix = prefixOf(LEDGER_WORDS[kind]);
  return {
    prefix,
    /** What is wrong with Redis and with machines, and was told. */
    told: `${prefix}:alerts:told`,
    /** How often which event was sent or not, by type of receiver. */
    counts: `${prefix}:alerts:counts`,
    /** Held by the process that looks after Redis, or a machine. */
    lease: (what: string) => `${prefix}:alerts:lease:${what}`,
  };
}

/** Keys of our own HTTP API, as hashes; and what is written only to wait until those cannot be forgotten. */
export const API_KEYS = '{onboard}:apiKeys';
export const API_KEYS_DURABLE = '{onboard}:apiKeys:durable';

/** What a request of the HTTP API that may be repeated was answered, or who is answering it. */
export const answerKey = (request: string) => `{onboard}:answers:${request}`;

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

function outageKeys(prefix: string) {
  return {
    outage: `${prefix}:outage`,
    /** The start of the outage that has ended last, for as long as it may be found to go on. */
    lastOutage: `${prefix}:outage:last`,
    /** Rows that were submitted in the outage. */
    outageSpent: `${prefix}:outage:spent`,
    /** Calls of an operation in a row that the peer did not answer. */
    outageFailures: (operation: string) => `${prefix}:outage:failures:${operation}`,
    /** Jobs that wait because the peer did not answer. */
    outageAside: (step: StepName) => `${prefix}:outage:aside:${step}`,
  };
}

export function accountKeys(account: string) {
  const prefix = prefixOf(account);
  const ledger = ledgerKey(account);
  return {
    /** Which peer this ledger is about; see `ledger/peer-record.ts`. */
    peer: `${prefix}:peer`,
    adoptions: `${prefix}:adoptions`,
    batches: `${ledger}:batches`,
    sources: `${ledger}:sources`,
    /** Who may send a customer now: the place of a row. */
    claims: `${ledger}:claims`,
    /** The submit of each customer that counts. */
    submitted: `${ledger}:submitted`,
    /** Customers whose submits nobody has recorded a review of, by the time of the submit. */
    awaited: `${ledger}:awaited`,
    /** What people recorded about reviews, by customer. */
    reviews: `${ledger}:reviews`,
    /** What the peer listed of each customer, and how far the last look at its lists came. */
    observed: `${ledger}:observed`,
    observing: `${ledger}:observing`,
    /** Attempts of each customer whose outcome is unknown. */
    parked: `${ledger}:parked`,
    /** Rows that are no longer parked, while others that failed because of them have yet to be told. */
    unparked: `${ledger}:unparked`,
    /** All rows that a customer ever had. */
    rowsOf: `${ledger}:rowsOf`,
    /** What a request that may be repeated has brought. */
    request: (requestKey: string) => `${ledger}:request:${requestKey}`,
    gone: (batchId: string) => `${ledger}:gone:${batchId}`,
    recoverable: `${ledger}:recoverable`,
    counters: `${ledger}:counters`,
    schedule: `${ledger}:schedule`,
    /** The agreement store of the account: its id, and by which name the account is known there. */
    store: `${prefix}:store`,
    /** Held for as long as the store need not be swept again. */
    storeSwept: `${prefix}:store:swept`,
    /** When the peer last answered any process, by the host that was called. */
    contacts: `${prefix}:contacts`,
    breaker: `${prefix}:breaker`,
    ...outageKeys(prefix),
    standstills: `${prefix}:standstills`,
    firstRuns: `${prefix}:firstRuns`,
    paused: `${prefix}:paused`,
    /** Worker processes by the time at which they count as gone, and what they say of themselves. */
    workers: `${prefix}:workers`,
    aboutWorkers: `${prefix}:workers:about`,
    workersLastSeen: `${prefix}:workers:lastSeen`,
    /** Written only to wait until it cannot be forgotten, and with it everything written before. */
    durable: `${prefix}:durable`,
    upkeep: `${prefix}:upkeep`,
    upkeepReport: `${prefix}:upkeepReport`,
    /** What people were told of the account, and who looks after that. */
    told: `${prefix}:told`,
    telling: `${prefix}:telling`,
    pace: (step: StepName) => `${prefix}:pace:${PACE_NAMES[step]}`,
  };
}
