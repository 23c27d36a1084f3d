/**
 * Notes in the agreement store how far the submits of an account have come, and reads it where this process cannot know:
 * when it starts, and when a Redis comes back. Without it, workers that are started after a backup of Redis was put back
 * would take everything that was sent since for unsent.
 */
import { claimStore } from '../src/agreement/identity.ts';
import type { AgreementStore } from '../src/agreement/store.ts';
import { noteSubmits, readSubmits } from '../src/agreement/submits-note.ts';
import type { OpenAccount } from '../src/onboarding/open-account.ts';
import { type Checked, checkForward } from './seq-watch.ts';

/** A note is written at most this often, in milliseconds: if all processes die with Redis, it may lack this much. */
const NOTED_EVERY_MS = 1_000;

export interface NotedSubmitsOptions extends Checked, Pick<OpenAccount, 'account' | 'redis'> {
  store: AgreementStore;
  everyMs?: number;
}

export class NotedSubmits {
  readonly #options: NotedSubmitsOptions;
  readonly #everyMs: number;
  /** What the account is called in the store; undefined until it was asked. */
  #user: string | undefined;
  #isStale = true;
  #noted = 0;
  #writing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #writtenAt = Number.NEGATIVE_INFINITY;

  constructor(options: NotedSubmitsOptions) {
    this.#options = options;
    this.#everyMs = options.everyMs ?? NOTED_EVERY_MS;
    options.redis.on('ready', this.#forget);
  }

  /**
   * Makes sure that the store is that of the account, and holds the account if Redis has forgotten submits.
   * @throws AppError STORE_MISMATCH, STORE_UNREACHABLE
   */
  async learn(): Promise<void> {
    const { redis, account, store, seqWatch } = this.#options;
    this.#isStale = false;
    try {
      const known = await claimStore({ redis, account: account.ledger }, store);
      this.#user = known.user;
      seqWatch.confirm(await readSubmits(store, known));
      await checkForward(this.#options);
    } catch (error) {
      this.#isStale = true;
      throw error;
    }
  }

  /** The same, if another Redis may have answered since. */
  async learnIfStale(): Promise<void> {
    if (this.#isStale) await this.learn();
  }

  /** Submits have been made: soon, the note says how far they have come. */
  noteSoon(): void {
    if (this.#timer !== undefined || this.#user === undefined) return;
    const waitMs = Math.max(0, this.#writtenAt + this.#everyMs - performance.now());
    this.#timer = setTimeout(() => void this.#write(), waitMs).unref();
  }

  /** Writes what is not noted yet. */
  async stop(): Promise<void> {
    this.#options.redis.off('ready', this.#forget);
    clearTimeout(this.#timer);
    await this.#writing;
    await this.#write();
  }

  readonly #forget = (): void => {
    this.#isStale = true;
  };

  /** The store is tested elsewhere: here it only costs the note, which is written again with the next submit. */
  async #write(): Promise<void> {
    const { store, seqWatch, logger } = this.#options;
    const { last } = seqWatch;
    const user = this.#user;
    // Submits that are made from here on ask for another note.
    this.#timer = undefined;
    this.#writtenAt = performance.now();
    if (user === undefined || last <= this.#noted) return;
    this.#writing = noteSubmits(store, { user }, last).then(
      () => {
        this.#noted = last;
      },
      (error: Error) => logger.debug({ event: 'note_failed', error: error.message }, 'submits not noted'),
    );
    await this.#writing;
  }
}
