/**
 * The two steps of a row, each with a queue of its own and one limited call: what they have in common, as types.
 * `processor.ts` runs them; `upload.ts` and `submit.ts` are what differs.
 */
import type { Job } from 'bullmq';
import type { AgreementStore } from '../src/agreement/store.ts';
import type { Outcome } from '../src/ledger/outcome.ts';
import type { RowOfRun } from '../src/ledger/read-for-run.ts';
import type { OpenAccount } from '../src/onboarding/open-account.ts';
import type { Peer } from '../src/onboarding/open-peer.ts';
import type { CallCounts } from '../src/pace/call-counts.ts';
import type { RowJob, StoredJob } from '../src/queue/job.ts';
import type { StepName } from '../src/redis/keys.ts';
import type { Machine } from './machine.ts';
import type { NotedSubmits } from './noted-submits.ts';
import type { ResultsKept } from './results-kept.ts';
import type { SeqWatch } from './seq-watch.ts';

/** Everything that a run needs from its account. */
export interface WorkerAccount extends OpenAccount, Peer {
  store: AgreementStore;
  /** Results that may have to be written again. */
  results: ResultsKept;
  seqWatch: SeqWatch;
  /** How far submits have come, where Redis cannot forget it. */
  noted: NotedSubmits;
  calls: CallCounts;
  /** What is wrong here and nowhere else. */
  machine: Machine;
  /** Uniform in [0, 1). */
  random: () => number;
}

/** One run of one job. */
export interface StepRun {
  account: WorkerAccount;
  job: Job<StoredJob>;
  /** BullMQ's lock on the job. */
  token: string;
  data: RowJob;
  stored: RowOfRun;
  /** Names this run while it holds the row. */
  attemptToken: string;
  /** Whether it is this row's turn to probe whether an outage is over; the run must give the turn back when it ends. */
  turn: { isOurs: boolean };
  /** Aborted when this process ends or stops taking jobs: a call that was not sent yet is handed back. */
  stopping: AbortSignal;
}

export interface Step {
  /** Names its queue, its pace and its jobs. */
  name: StepName;
  /** Outcome of a row before the call, to which it goes back when the call leads to nothing. */
  before: Outcome;
  /** Outcome of a row during the call. */
  during: Outcome;
  /** Whether the row belongs to one run during the call, so that a later run cannot take it for unsent. */
  isExclusive: boolean;
  /** Whether this row still needs the step's call; if not, `perform` is skipped. */
  isDue(outcome: Outcome): boolean;
  perform(run: StepRun): Promise<void>;
  /** Checks harmlessly, before the step's own call, whether the peer answers at all. @throws Unanswered if not */
  beforeProbe?(run: StepRun): Promise<void>;
  /** After the call, or instead of it if the row already had it. Must be harmless to repeat. */
  handOver(run: StepRun): Promise<void>;
}
