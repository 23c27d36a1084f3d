/**
 * Notes in the agreement store how far the submits of an account have come, and reads it where this process cannot know:
 * when it starts, and when a Redis comes back. Without it, workers that are started after a backup of Redis was put back
 * would take everything that was sent since for unsent.
 */
import pTimeout from 'p-timeout';
import { claimStore } from '../src/agreement/identity.ts';
import type { AgreementStore } from '../src/agreement/store.ts';
import { noteSubmits, readSubmits } from '../src/agreement/submits-note.ts';
import { AppError } from '../src/errors.ts';
import { rarely, TROUBLE_EVERY_MS } from '../src/logger.ts';
import { findLost, noteUser } from '../src/onboarding/lost-submits.ts';
import type { OpenAccount } from '../src/onboarding/open-account.ts';
import { type Checked, checkForward, hold } from './seq-watch.ts';

/** A note is written at most this often, in milliseconds: if all processes die with Redis, it may lack this much. */
const NOTED_EVERY_MS = 1_000;
/** Longest wait of a call for the store, in milliseconds: then this machine takes no jobs, and tests when it can go on. */
const LEARN_MS_MAX = 15_000;

export interface NotedSubmitsOptions extends Checked, Pick<OpenAccount, 'account' | 'redis'> {
  store: AgreementStore;
  everyMs?: number;
}

export class NotedSubmits {
  readonly #options: NotedSubmitsOptions;
  readonly #everyMs: number;
  readonly #complain: (error: Error) => void;
  /** What the account is called in the store; undefined until it was asked. */
  #user: string | undefined;
  #isStale = true;
  #learning: Promise<void> | undefined;
  #noted = 0;
  #writing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #writtenAt = Number.NEGATIVE_INFINITY;
  #isStopped = false;

  constructor(options: NotedSubmitsOptions) {
    this.#options = options;
    this.#everyMs = options.everyMs ?? NOTED_EVERY_MS;
    const text =
      'how far submits have come is not noted: a backup of Redis that is put back may go unnoticed';
    this.#complain = rarely(TROUBLE_EVERY_MS, ({ message: error }: Error) =>
      options.logger.warn({ event: 'note_failed', error }, text),
    );
    options.redis.on('ready', this.#forget);
  }

  /**
   * Makes sure that the store is that of the account, and holds the account if Redis has forgotten submits.
   * @throws AppError STORE_MISMATCH, STORE_UNREACHABLE
   */
  learn(): Promise<void> {
    this.#learning ??= this.#learn().finally(() => {
      this.#learning = undefined;
    });
    return this.#learning;
  }

  async #learn(): Promise<void> {
    const { redis, account, store, seqWatch } = this.#options;
    this.#isStale = false;
    try {
      const known = await claimStore({ redis, account: account.ledger }, store);
      this.#user = known.user;
      await noteUser(this.#options, store, known.user);
      seqWatch.confirm(await readSubmits(store, known));
      const lost = await findLost(this.#options, store);
      if (lost) await hold(this.#options, { seq: 0, ...lost });
      else await checkForward(this.#options);
    } catch (error) {
      this.#isStale = true;
      throw error;
    }
  }

  /** The same, if another Redis may have answered since. */
  async learnIfStale(): Promise<void> {
    if (this.#isStale) await this.learn();
  }

  /**
   * Before a submit: until it was compared, nobody knows what Redis has forgotten.
   * @throws AppError of the class `machine` if the store cannot be asked; or the reason of the signal
   */
  async assertLearnt(signal: AbortSignal): Promise<void> {
    // A comparison under way counts, too: `#isStale` says that none has begun.
    if (!this.#isStale && this.#learning === undefined) return;
    // What is accepted there is only logged, and must not keep anybody waiting.
    if (this.#options.settings.durability === 'relaxed') return;
    const tooLong = new AppError('STORE_UNREACHABLE', `${this.#options.store.place} does not answer.`);
    try {
      // Redis may have come back once more meanwhile.
      do await pTimeout(this.learn(), { milliseconds: LEARN_MS_MAX, message: tooLong, signal });
      while (this.#isStale);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const { code, message, hint } = error;
      throw new AppError(code, message, { class: 'machine', hint, cause: error });
    }
  }

  /** Submits have been made: soon, the note says how far they have come. */
  noteSoon(): void {
    if (this.#timer !== undefined || this.#writing !== undefined || this.#isStopped) return;
    if (this.#user === undefined) return;
    const waitMs = Math.max(0, this.#writtenAt + this.#everyMs - performance.now());
    this.#timer = setTimeout(() => void this.#write(), waitMs).unref();
  }

  /** Writes what is not noted yet. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#options.redis.off('ready', this.#forget);
    clearTimeout(this.#timer);
    await this.#writing;
    await this.#write();
  }

  readonly #forget = (): void => {
    this.#isStale = true;
  };

  /** One at a time: a store that hangs must not collect them. */
  async #write(): Promise<void> {
    const { last } = this.#options.seqWatch;
    this.#timer = undefined;
    this.#writtenAt = performance.now();
    if (this.#user === undefined || last <= this.#noted) return;
    this.#writing = this.#note(this.#user, last);
    await this.#writing;
    this.#writing = undefined;
    // Made meanwhile, or written over by another process.
    if (this.#noted < this.#options.seqWatch.last) this.noteSoon();
  }

  async #note(user: string, last: number): Promise<void> {
    try {
      this.#noted = Math.min(last, await noteSubmits(this.#options.store, { user }, last));
    } catch (error) {
      this.#complain(error as Error);
    }
  }
}
