/** Work on things of which each is worked on by one at a time. */
import pLimit, { type LimitFunction } from 'p-limit';

export class Lines {
  readonly #lines = new Map<string, LimitFunction>();

  /** Does some work when all work on the same thing is done that was asked for before. */
  async inLine<T>(id: string, work: () => Promise<T>): Promise<T> {
    const line = this.#lines.get(id) ?? pLimit(1);
    this.#lines.set(id, line);
    try {
      return await line(work);
    } finally {
      if (line.activeCount + line.pendingCount === 0) this.#lines.delete(id);
    }
  }
}
