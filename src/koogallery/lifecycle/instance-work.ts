/** Works on the tasks of one instance after another, each strictly by version, for as long as something is due. */
import type { Logger } from '../../logger.ts';
import type { Durable, Writes } from '../../redis/durable.ts';
import { channelKeys } from '../keys.ts';
import type { ChannelAccess } from '../registry/scripts.ts';
import type { Attempt } from './attempt.ts';
import { type Begun, beginTask } from './begin-task.ts';
import { type Ending, endTask } from './end-task.ts';
import { keepTask } from './keep-task.ts';
import { type AttemptEnd, TaskCounts } from './task-counts.ts';

/** After a process has died, its task is begun again elsewhere this much later, in milliseconds. */
const HOLD_MS = 15_000;

export interface InstanceWorkOptions {
  access: ChannelAccess;
  /** Makes an attempt. Never throws. */
  work(attempt: Attempt): Promise<Ending>;
  durable: Durable;
  /** Whether nothing is done on a Redis that may forget. */
  durability: 'durable' | 'relaxed';
  logger: Logger;
  /** Nothing more is begun once it is aborted; what has begun is ended. */
  stopping: AbortSignal;
  /** That differs from the default, in milliseconds. */
  holdMs?: number | undefined;
}

export class InstanceWork {
  /** Of the attempts of this process. */
  readonly counts = new TaskCounts();
  readonly #options: InstanceWorkOptions;
  readonly #holdMs: number;

  constructor(options: InstanceWorkOptions) {
    this.#options = options;
    this.#holdMs = options.holdMs ?? HOLD_MS;
  }

  /**
   * Resolves when nothing of this instance is due any more, somebody else works on it, or this process ends.
   * @throws AppError REDIS_NOT_DURABLE
   */
  async workOn(id: string): Promise<void> {
    const { access, durable, durability, stopping } = this.#options;
    while (!stopping.aborted) {
      const writes = await durable.begin(channelKeys(access.slug).durable, durability);
      const beginning = await beginTask(access, id, this.#holdMs);
      for (const version of beginning.given) {
        this.counts.count('refused');
        this.#log('refused', { id, version }, 'its processes died');
      }
      if (beginning.verdict !== 'begun') return;
      if (!(await this.#attempt(beginning.begun, writes))) return;
    }
  }

  /** @returns whether more is due */
  async #attempt(begun: Begun, writes: Writes): Promise<boolean> {
    const { access, work } = this.#options;
    const { task, instance } = begun;
    const keeping = keepTask(access, begun, this.#holdMs);
    const ending = await work({ begun, keeping, writes }).finally(() => keeping.end());
    const { verdict, state, isDue } = await endTask(access, begun, ending);
    this.counts.count(endOf(verdict, state));
    const about = { id: instance.id, version: task.version, type: task.type, attempt: task.attempts };
    this.#log(verdict === 'lost' ? verdict : state, about, reasonOf(ending));
    return verdict === 'ended' && isDue;
  }

  /** No text of a call or an answer but the reason, which the seller's own side gives. */
  #log(what: string, about: object, reason: string | undefined): void {
    const { logger, access } = this.#options;
    const level = what === 'refused' ? 'error' : what === 'done' || what === 'withdrawn' ? 'info' : 'warn';
    const facts = { event: `koogallery_task_${what}`, channel: access.slug, ...about };
    logger[level]({ ...facts, ...(reason && { reason }) }, WORDS[what] ?? WORDS.due);
  }
}

/** @param state of the task after the attempt */
function endOf(verdict: 'ended' | 'lost', state: string): AttemptEnd {
  if (verdict === 'lost') return 'lost';
  return state === 'done' || state === 'refused' ? state : 'later';
}

const WORDS: Readonly<Record<string, string>> = {
  done: 'a task is done',
  withdrawn: 'a task is not needed any more',
  due: 'a task is tried again later',
  refused: 'a task was refused for good; `onboard koogallery retry` brings it back',
  lost: 'another process has begun this task again; nothing was written',
};

function reasonOf(ending: Ending): string | undefined {
  return 'reason' in ending ? ending.reason : undefined;
}
