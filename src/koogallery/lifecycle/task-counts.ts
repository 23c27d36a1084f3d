/** How the attempts at tasks of a channel ended in this process, for its metrics: gone with the process. */

/** `later`: it is tried again. `lost`: another process had begun it again, so nothing was written. */
export const ATTEMPT_ENDS = ['done', 'later', 'refused', 'lost'] as const;
export type AttemptEnd = (typeof ATTEMPT_ENDS)[number];

export interface AttemptCount {
  result: AttemptEnd;
  attempts: number;
}

export class TaskCounts {
  // A series that is there from the start shows its first event as an increase.
  readonly #counts = new Map<AttemptEnd, number>(ATTEMPT_ENDS.map((result) => [result, 0]));

  count(result: AttemptEnd): void {
    this.#counts.set(result, (this.#counts.get(result) ?? 0) + 1);
  }

  /** Each of them, 0 included. */
  list(): AttemptCount[] {
    return [...this.#counts].map(([result, attempts]) => ({ result, attempts }));
  }
}
