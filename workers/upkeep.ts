/**
 * The upkeep of an account: a timer in every worker process, of which one at a time holds the lease and does the work.
 * It is no job of BullMQ, because it is there to put right what becomes of BullMQ's jobs.
 */
import type { OpenAccount } from '../src/onboarding/open-account.ts';
import { accountKeys } from '../src/redis/keys.ts';
import { Lease } from '../src/redis/lease.ts';
import { Complaints } from './complaints.ts';
import { JobWalk } from './job-walk.ts';
import { keepMoving, tidyUp } from './upkeep-run.ts';

const TIDY_EVERY_MS = 10 * 60_000;
/** Rows that one run looks at, so that a large account takes several turns. */
const ROWS_A_RUN_MAX = 20_000;
/** The lease is renewed this often while it lasts, so that a late renewal does not lose it. */
const BEATS_A_RUN = 3;
const LEASE_MS_MIN = 5_000;

export interface UpkeepOptions {
  account: OpenAccount;
  /** Distance between two runs, in milliseconds. */
  everyMs: number;
}

export class Upkeep {
  readonly #account: OpenAccount;
  readonly #everyMs: number;
  readonly #lease: Lease;
  readonly #complaints: Complaints;
  readonly #walk: JobWalk;
  #timer: NodeJS.Timeout | undefined;
  #beating: Promise<void> | undefined;
  #running: Promise<void> | undefined;
  /** Ends the run under way. */
  #ending = new AbortController();
  /** Of the server, when it was last seen; undefined while we do not hold the lease. */
  #runId: string | undefined;
  /** The next run looks at every row. */
  #isEverythingDue = false;
  /** When the next run is due, and when the tidying up: on the clock of this process, in milliseconds. */
  #runFrom = 0;
  #tidyFrom = 0;

  constructor({ account, everyMs }: UpkeepOptions) {
    this.#account = account;
    this.#everyMs = everyMs;
    const key = accountKeys(account.account.name).upkeep;
    this.#lease = new Lease(account.redis, { key, holdMs: Math.max(everyMs, LEASE_MS_MIN) });
    this.#complaints = new Complaints(account.logger, 'upkeep_failed');
    this.#walk = new JobWalk(account, this.#complaints);
  }

  start(): void {
    this.#timer = setInterval(this.#beat, this.#everyMs / BEATS_A_RUN);
    this.#account.redis.on('ready', this.#runSoon);
    this.#beat();
  }

  /** Ends a run under way after its chunk of rows, and lets another process take the lease at once. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#account.redis.off('ready', this.#runSoon);
    this.#ending.abort();
    await this.#beating;
    await this.#running;
    await this.#complaints.guard('lease', () => this.#lease.giveUp());
  }

  /** After a lost connection: the server may be another, or have been away long enough to lose something. */
  readonly #runSoon = (): void => {
    this.#runFrom = 0;
    this.#beat();
  };

  readonly #beat = (): void => {
    // While Redis is away a beat waits for it, and no second one shall.
    this.#beating ??= this.#complaints
      .guard('lease', () => this.#renewAndRun())
      .finally(() => {
        this.#beating = undefined;
      });
  };

  async #renewAndRun(): Promise<void> {
    const { isHeld, runId } = await this.#lease.hold();
    if (!isHeld) return this.#lose();
    if (runId !== this.#runId) this.#meetServer(runId);
    const isDue = performance.now() >= this.#runFrom;
    if (!isDue || this.#running !== undefined || this.#isStopped()) return;
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  #isStopped(): boolean {
    return this.#ending.signal.aborted;
  }

  /** Another process has the lease: it was taken from us, or we never had it. */
  #lose(): void {
    if (this.#runId === undefined) return;
    this.#runId = undefined;
    this.#ending.abort();
    this.#ending = new AbortController();
  }

  /** We have just taken the lease, or Redis is another or was started again: anything may be missing. */
  #meetServer(runId: string): void {
    if (this.#runId === undefined)
      this.#account.logger.info({ event: 'upkeep_taken' }, 'keeps this account up');
    this.#runId = runId;
    this.#isEverythingDue = true;
    this.#runFrom = 0;
  }

  async #run(): Promise<void> {
    const everything = this.#isEverythingDue;
    this.#isEverythingDue = false;
    this.#runFrom = performance.now() + this.#everyMs;
    if (everything) this.#walk.rewind();
    const rows = everything ? Number.POSITIVE_INFINITY : ROWS_A_RUN_MAX;
    const limits = { rows, ending: this.#ending.signal };
    const { walk, complaints } = { walk: this.#walk, complaints: this.#complaints };
    const { given, isOver } = await keepMoving(this.#account, { walk, complaints, limits });
    // Where some were lost, more may be: the rest is not left for later.
    if (given > 0 && !isOver) this.#runFrom = 0;
    if (performance.now() < this.#tidyFrom) return;
    this.#tidyFrom = performance.now() + TIDY_EVERY_MS;
    await tidyUp(this.#account, this.#complaints);
  }
}
