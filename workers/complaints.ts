/** Logs a repeated failure once, until its task succeeds or fails differently. */
import type { Logger } from '../src/logger.ts';

export class Complaints {
  readonly #logger: Logger;
  readonly #event: string;
  readonly #said = new Map<string, string>();

  constructor(logger: Logger, event: string) {
    this.#logger = logger;
    this.#event = event;
  }

  /** Runs one of several tasks; its failure is logged and does not stop the others. */
  async guard(task: string, run: () => Promise<unknown>): Promise<void> {
    try {
      await run();
      this.#said.delete(task);
    } catch (failure) {
      const error = failure instanceof Error ? failure.message : String(failure);
      if (this.#said.get(task) === error) return;
      this.#said.set(task, error);
      this.#logger.error({ event: this.#event, task, error }, 'a task failed; continuing with the others');
    }
  }
}
