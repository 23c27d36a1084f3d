/** How a worker of BullMQ waits for jobs by a timer: with no connection that blocks, and until it closes. */
import { setTimeout as sleep } from 'node:timers/promises';

/** What BullMQ is told of the next job: it is never due. */
const NEVER = { member: '', score: Number.POSITIVE_INFINITY };

export class TimedWait {
  #ending = new AbortController();

  /** @returns what BullMQ's `waitForJob` does: null to look for a job */
  wait(ms: number): Promise<null | typeof NEVER> {
    this.#ending = new AbortController();
    return sleep(ms, null, { signal: this.#ending.signal }).catch(() => NEVER);
  }

  /** The worker closes: it takes no more jobs. */
  end(): void {
    this.#ending.abort();
  }
}
