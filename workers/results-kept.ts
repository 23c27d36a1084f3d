/**
 * Results that may have to be written again: a server that takes over may lack the last ones that its predecessor had
 * confirmed, and nobody but the process that made the call knows them.
 */
import { AppError } from '../src/errors.ts';
import type { Logger } from '../src/logger.ts';
import { beginWrites } from '../src/onboarding/durably.ts';
import type { LedgerAccount } from '../src/onboarding/open-ledger.ts';
import type { RedisClient } from '../src/redis/connect.ts';
import { accountKeys } from '../src/redis/keys.ts';
import { readRunId } from '../src/redis/server-facts.ts';

/** How long a result is kept at least, in milliseconds: longer than it takes to replace a server. */
const KEPT_MS = 60_000;
/** How often another server is looked for while results are kept, in milliseconds: a cluster moves slots silently. */
const LOOK_EVERY_MS = 2_000;

export interface ResultsKeptOptions {
  /** Any key of the account: on a cluster, it says which node holds the results. */
  key: string;
  logger: Logger;
  /** Resolves when what was written before cannot be forgotten any more; rejects if it may be. */
  confirm: () => Promise<unknown>;
  keptMs?: number;
  lookEveryMs?: number;
}

export function resultsKeptOf(open: LedgerAccount): ResultsKept {
  const { redis, account, logger } = open;
  const confirm = async () => (await beginWrites(open)).confirm();
  return new ResultsKept(redis, { key: accountKeys(account.ledger).durable, logger, confirm });
}

interface Kept {
  /** On the clock of this process, in milliseconds. */
  until: number;
  /** Whether some server has confirmed it. */
  isWritten: boolean;
  write: () => Promise<unknown>;
}

export class ResultsKept {
  readonly #redis: RedisClient;
  readonly #options: Required<ResultsKeptOptions>;
  #kept: Kept[] = [];
  #runId: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;

  constructor(redis: RedisClient, options: ResultsKeptOptions) {
    this.#redis = redis;
    this.#options = { keptMs: KEPT_MS, lookEveryMs: LOOK_EVERY_MS, ...options };
  }

  /** Notes which server answers now. To be called before the first result. */
  async start(): Promise<void> {
    this.#runId = await readRunId(this.#redis, this.#options.key);
    this.#redis.on('ready', this.#look);
  }

  stop(): void {
    this.#redis.off('ready', this.#look);
    clearInterval(this.#timer);
    this.#kept = [];
  }

  /**
   * @param write writes a result, and does no harm where it is already written
   * @returns to be called once it was written; until then it is written again and again
   */
  keep(write: () => Promise<unknown>): () => void {
    const kept = { write, until: performance.now() + this.#options.keptMs, isWritten: false };
    this.#kept.push(kept);
    this.#timer ??= setInterval(this.#look, this.#options.lookEveryMs).unref();
    return () => {
      kept.isWritten = true;
    };
  }

  readonly #look = (): void => {
    this.#looking ??= this.#writeAgainIfReplaced()
      .catch((error: unknown) => this.#complain(error))
      .finally(() => {
        this.#looking = undefined;
      });
  };

  async #writeAgainIfReplaced(): Promise<void> {
    if (this.#kept.length === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
      return;
    }
    const runId = await readRunId(this.#redis, this.#options.key);
    if (runId !== this.#runId) {
      // Otherwise this server does not take writes yet, and all are written again at the next look.
      if (await this.#writeAgain([...this.#kept])) this.#runId = runId;
      return;
    }
    await this.#writeLate(this.#kept.filter(({ isWritten }) => !isWritten));
    await this.#forgetOld();
  }

  /** A replica that lags may take over long after: what it lacks is kept for as long as it lacks it. */
  async #forgetOld(): Promise<void> {
    const now = performance.now();
    const old = new Set(this.#kept.filter(({ until, isWritten }) => isWritten && now >= until));
    if (old.size === 0) return;
    await this.#options.confirm();
    // Another server can speak only of its own writes.
    if ((await readRunId(this.#redis, this.#options.key)) !== this.#runId) return;
    this.#kept = this.#kept.filter((kept) => !old.has(kept));
  }

  /** What could not be written when it was known: Redis was full, or took no writes. */
  async #writeLate(unwritten: readonly Kept[]): Promise<void> {
    for (const kept of unwritten) {
      const outcome = await kept.write().catch((error: unknown) => error);
      if (!(outcome instanceof Error) || outcome instanceof AppError) kept.isWritten = true;
    }
  }

  /** @returns whether each was written or refused for good */
  async #writeAgain(kept: readonly Kept[]): Promise<boolean> {
    const fields = { event: 'results_written_again', results: kept.length };
    this.#options.logger.info(fields, 'Redis was restarted or replaced; writing the last results again');
    const done = await Promise.allSettled(kept.map(({ write }) => write()));
    for (const [index, { status }] of done.entries()) {
      const each = kept[index];
      if (each && status === 'fulfilled') each.isWritten = true;
    }
    const errors = done.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
    for (const error of errors) this.#complain(error);
    return errors.every((error) => error instanceof AppError);
  }

  #complain(error: unknown): void {
    const fields = { event: 'result_not_written_again', error: (error as Error).message };
    this.#options.logger.debug(fields, 'it is already there, or no longer needed');
  }
}
