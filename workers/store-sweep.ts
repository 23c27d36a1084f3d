/** Sweeps the agreement store by a timer in every worker process; one process at a time does it, once an hour. */
import { type Sweeping, sweepStore } from '../src/batch/sweep-store.ts';
import { Complaints } from './complaints.ts';

const FIRST_MS = 60_000;
const TRY_EVERY_MS = 10 * 60_000;

export class StoreSweep {
  readonly #sweeping: Omit<Sweeping, 'ending'>;
  readonly #complaints: Complaints;
  readonly #ending = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(sweeping: Omit<Sweeping, 'ending'>) {
    this.#sweeping = sweeping;
    this.#complaints = new Complaints(sweeping.logger, 'sweep_failed');
  }

  /** @param firstMs time until the first sweep, in milliseconds */
  start(firstMs = FIRST_MS): void {
    this.#timer = setTimeout(() => {
      this.#running = this.#sweep().then(() => {
        if (!this.#ending.signal.aborted) this.start(TRY_EVERY_MS);
      });
    }, firstMs);
  }

  /** Ends a sweep in progress after the file that it is at. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#ending.abort();
    await this.#running;
  }

  async #sweep(): Promise<void> {
    const ending = this.#ending.signal;
    await this.#complaints.guard('store', async () => {
      try {
        await sweepStore({ ...this.#sweeping, ending });
      } catch (error) {
        if (!ending.aborted) throw error;
      }
    });
  }
}
