/** What the API answers, as docs/architecture.md calls it: times are ISO 8601 in UTC, an absent key is not known. */

export type Role = 'viewer' | 'operator';

export interface Session {
  user: { name: string; role: Role; account?: string };
  hasLogin: boolean;
  isRehearsal: boolean;
  version: string;
  accounts: string[];
  /** Of KooGallery. */
  channels: string[];
}

export type Outcome =
  | 'pending'
  | 'waiting'
  | 'uploading'
  | 'uploaded'
  | 'submitting'
  | 'submitted'
  | 'failed'
  | 'unchanged'
  | 'cancelled';

export type BatchState = 'cancelling' | 'paused' | 'enqueuing' | 'running' | 'open' | 'finished';

export type HoldReason =
  | 'noWorker'
  | 'workersInTrouble'
  | 'ledgerWentBack'
  | 'ledgerEmpty'
  | 'accountPaused'
  | 'batchPaused'
  | 'leadsPaused'
  | 'breaker'
  | 'outage'
  | 'notBefore'
  | 'batchesAhead'
  | 'rowsWait';

/** What keeps rows from moving. */
export interface Hold {
  reason: HoldReason;
  hint: string;
  since?: string;
  until?: string;
  lastAt?: string;
  by?: string;
  why?: string;
  code?: string;
  message?: string;
  operation?: string;
  rows?: number;
  seconds?: number;
  batches?: string[];
  workers?: { host: string; pid: number; state: string }[];
}

export interface Account {
  name: string;
  peer: string;
  heldBy: Hold[];
  workers: { host: string; pid: number; version: string; since: string; state: string }[];
  isPaused: boolean;
  pause?: { since?: string; by?: string };
  pace: { step: 'upload' | 'submit'; perSecond?: number; granted: number; throttled: number }[];
  rowsLeft: number;
  etaSeconds?: number;
  reviews: { awaited: number; overdue: number };
  rowsWithoutJob: number;
}

export type ReviewWord = 'awaited' | 'approved' | 'rejected' | 'replaced';

export interface Batch {
  id: string;
  name: string;
  account: string;
  kind: 'import' | 'stream';
  source: string;
  by: string;
  state: BatchState;
  total: number;
  counts: Record<Outcome, number>;
  reviews: { awaited: number; approved: number; rejected: number };
  parked: number;
  retrying: number;
  priority: number;
  created: string;
  finished?: string;
  cancelled?: { at: string; by?: string };
  paused?: { at: string; by?: string; why?: string };
  notBefore?: string;
  etaSeconds?: number;
  durationSeconds?: number;
}

export interface CodeGroup {
  code: string;
  rows: number;
  hint: string;
  message?: string;
}

/** As events tell it. */
export interface WatchedBatch extends Batch {
  heldBy: Hold[];
}

export interface BatchDetail extends WatchedBatch {
  codes: CodeGroup[];
  /** The first of the parked rows. */
  parkedRows: number[];
  perSecond?: number;
}

export interface Review {
  as: ReviewWord;
  date?: string;
  evidence?: string;
  by?: string;
}

/** What the peer listed of a customer; nothing is decided by it. */
export interface Observation {
  at: string;
  instances: { instanceId?: string; channelType?: string; state?: string; isvTerms?: string }[];
}

export interface Row {
  row: number;
  line: number;
  custSpaceId: string;
  custName?: string;
  outcome: Outcome;
  at: string;
  code?: string;
  message?: string;
  hint?: string;
  attempts: number;
  requestId?: string;
  authorizeRequestId?: string;
  isvTerms?: string;
  review?: Review;
  parked?: boolean;
  superseded?: boolean;
  notBefore?: string;
  lead?: { batch: string; row: number };
  submittedAt?: string;
}

/** A row that Redis has damaged. */
export interface UnreadableRow {
  row: number;
  code: string;
  message: string;
  hint: string;
}

export interface LogEntry {
  at: string;
  by: string;
  action: string;
  details?: string;
}

export interface RowStory extends Row {
  fields: Record<string, string>;
  observation?: Observation;
  log: LogEntry[];
  events: { id: string; at: string; outcome: Outcome; code?: string }[];
}

export interface Rate {
  secondsPerPoint: number;
  points: { at: string; submitted: number; failed: number }[];
}

export interface CustomerStory {
  custSpaceId: string;
  account: string;
  /** Other accounts that know this id. */
  alsoIn?: string[];
  submitted?: { at: string; batch: string; row: number; requestId?: string; isOfFormerPeer: boolean };
  review?: Review;
  observation?: Observation;
  parked: { batch: string; row: number }[];
  history: {
    batch: string;
    batchName: string;
    row: number;
    line: number;
    at: string;
    outcome: Outcome;
    code?: string;
    message?: string;
    hint?: string;
    requestId?: string;
    by: string;
    review?: Review;
    log: LogEntry[];
  }[];
  left: number;
}

export interface AwaitedReview {
  custSpaceId: string;
  custName?: string;
  account: string;
  batch: string;
  row: number;
  requestId?: string;
  submittedAt: string;
  ageDays: number;
  isOverdue: boolean;
}

export interface Finding {
  level: 'ok' | 'note' | 'bad';
  subject: string;
  message: string;
  hint?: string;
}

export type Page<Name extends string, Item> = Record<Name, Item[]> & { next: string | null };

export type RowPage = Page<'rows', Row> & { unreadable: UnreadableRow[] };

/** What is wrong with a request, or with a row of it. */
export interface RowError {
  /** Where it is in the request: `body.priority`. */
  field?: string;
  row?: number;
  line?: number;
  column?: string;
  code?: string;
  message: string;
  hint?: string;
}
