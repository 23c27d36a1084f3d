/**
 * The upkeep of an account: a timer in every worker process. One process at a time holds the lease and does the work.
 * It is not a BullMQ job, because its purpose is to repair what happens to BullMQ's jobs.
 */
import { accountKeys } from '../src/redis/keys.ts';
import { Lease } from '../src/redis/lease.ts';
import { Complaints } from './complaints.ts';
import { JobWalk } from './job-walk.ts';
import { ObservationOfPeer, type ObservedAccount } from './observation.ts';
import { keepMoving, tidyUp } from './upkeep-run.ts';

const TIDY_EVERY_MS = 10 * 60_000;
/** Rows that one run checks at most; a large account takes several runs. */
const ROWS_A_RUN_MAX = 20_000;
/** Renewals per lease period, so that a late one does not lose the lease. */
const BEATS_A_RUN = 3;
const LEASE_MS_MIN = 5_000;

export interface UpkeepOptions {
  account: ObservedAccount;
  /** Time between two runs, in milliseconds. */
  everyMs: number;
}

export class Upkeep {
  readonly #account: ObservedAccount;
  readonly #everyMs: number;
  readonly #lease: Lease;
  readonly #complaints: Complaints;
  readonly #walk: JobWalk;
  readonly #observation: ObservationOfPeer;
  #timer: NodeJS.Timeout | undefined;
  #beating: Promise<void> | undefined;
  #running: Promise<void> | undefined;
  /** Ends the current run. */
  #ending = new AbortController();
  /** Run id of the server when we last saw it; undefined while we do not hold the lease. */
  #runId: string | undefined;
  /** The next run checks every row. */
  #isEverythingDue = false;
  /** When the next run and the next tidying are due: on the clock of this process, in milliseconds. */
  #runFrom = 0;
  #tidyFrom = 0;

  constructor({ account, everyMs }: UpkeepOptions) {
    this.#account = account;
    this.#everyMs = everyMs;
    const key = accountKeys(account.account.ledger).upkeep;
    this.#lease = new Lease(account.redis, { key, holdMs: Math.max(everyMs, LEASE_MS_MIN) });
    this.#complaints = new Complaints(account.logger, 'upkeep_failed');
    this.#walk = new JobWalk(account, this.#complaints);
    this.#observation = new ObservationOfPeer(account);
  }

  start(): void {
    this.#timer = setInterval(this.#beat, this.#everyMs / BEATS_A_RUN);
    this.#account.redis.on('ready', this.#runSoon);
    this.#beat();
  }

  /** Ends a current run after its chunk of rows, and releases the lease so that another process can take it at once. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#account.redis.off('ready', this.#runSoon);
    this.#ending.abort();
    await this.#beating;
    await this.#running;
    await this.#observation.ended();
    await this.#complaints.guard('lease', () => this.#lease.giveUp());
  }

  /** After a lost connection: this may be another server, or one that was away long enough to lose something. */
  readonly #runSoon = (): void => {
    this.#runFrom = 0;
    this.#beat();
  };

  readonly #beat = (): void => {
    // While Redis is away, one beat waits for it; a second one must not.
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

  /** Another process has the lease: we lost it, or never had it. */
  #lose(): void {
    if (this.#runId === undefined) return;
    this.#runId = undefined;
    this.#ending.abort();
    this.#ending = new AbortController();
  }

  /** We just took the lease, or Redis restarted or was replaced: anything may be missing. */
  #meetServer(runId: string): void {
    if (this.#runId === undefined)
      this.#account.logger.info(
        { event: 'upkeep_taken' },
        'this process now does the upkeep of this account',
      );
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
    // If some jobs were lost, more may be, so the rest is not left for later.
    if (given > 0 && !isOver) this.#runFrom = 0;
    if (performance.now() < this.#tidyFrom) return;
    this.#tidyFrom = performance.now() + TIDY_EVERY_MS;
    await tidyUp(this.#account, this.#complaints);
    if (this.#account.settings.chatApp.observe) this.#observation.begin(limits.ending);
  }
}
