/**
 * Waits until what this process wrote cannot be forgotten any more: by a crash of Redis, or by a replica that takes over.
 * Requests that wait at the same time share one wait. Where the reply to a write already says so, nothing is done.
 */
import { Cluster } from 'ioredis';
import pTimeout from 'p-timeout';
import { AppError } from '../errors.ts';
import type { RedisClient } from './connect.ts';
import { type Durability, durabilityOf } from './durability.ts';
import { readRunId, readServerFacts, runIdIn } from './server-facts.ts';

/** Longest wait for disk or replica, in milliseconds. */
const WAIT_MS_MAX = 5_000;
/** For the way there and back, in milliseconds. */
const WAIT_MARGIN_MS = 1_000;
/** What a server said of itself is asked again after this, in milliseconds: it may be given a replica. */
const FACTS_FRESH_MS = 2_000;

export interface DurableOptions {
  /** Longest wait for disk or replica, in milliseconds. */
  waitMs?: number;
}

/** Writes from one moment on. */
export interface Writes {
  /** Whether `confirm` takes a round trip or more. */
  readonly needsWait: boolean;
  /**
   * Resolves when all that was written since cannot be forgotten.
   * @throws AppError NOT_DURABLE_YET if disk or replica are too slow, or if another server answers by now, which may lack
   *   these writes: then nothing may be confirmed that depends on them
   */
  confirm(): Promise<void>;
}

/** What is known of a server. */
interface Known {
  runId: string;
  durability: Durability;
  /** On the clock of this process, in milliseconds. */
  until: number;
}

/** Waits of one node: the one that goes on, and the one that everybody who comes now will share. */
interface Line {
  current: Promise<unknown>;
  next: Promise<string> | undefined;
}

export class Durable {
  readonly #redis: RedisClient;
  readonly #options: Required<DurableOptions>;
  readonly #known = new Map<string, Promise<Known>>();
  readonly #lines = new Map<string, Line>();
  /** Run ids of servers that had a replica. One that has lost it may have been replaced without knowing. */
  readonly #copied = new Set<string>();
  /** WAIT blocks its connection, so it has one of its own. */
  #waiter: RedisClient | undefined;

  /** @param redis the connection that the writes go through */
  constructor(redis: RedisClient, options: DurableOptions = {}) {
    this.#redis = redis;
    this.#options = { waitMs: WAIT_MS_MAX, ...options };
    for (const event of ['ready', '+node', '-node']) redis.on(event, this.#forget);
  }

  /**
   * To be called before the first write.
   * @param key of the account, and used for nothing else: a waiting write goes there
   * @param wanted whether a server that may forget is refused; otherwise nothing is waited for there
   * @throws AppError REDIS_NOT_DURABLE if it is refused
   */
  async begin(key: string, wanted: 'durable' | 'relaxed'): Promise<Writes> {
    const { runId, durability } = await this.#look(key);
    if (durability.kind === 'never' && wanted === 'durable')
      throw new AppError('REDIS_NOT_DURABLE', 'This Redis may forget what it confirms, and cannot say when.');
    const needsWait = durability.kind === 'wait';
    return { needsWait, confirm: () => this.#confirm(key, { runId, needsWait }) };
  }

  close(): void {
    this.#waiter?.disconnect();
    this.#waiter = undefined;
  }

  async #confirm(key: string, begun: { runId: string; needsWait: boolean }): Promise<void> {
    const { durability } = await this.#look(key);
    if (!begun.needsWait && durability.kind !== 'wait') return;
    if ((await this.#share(key)) === begun.runId) return;
    this.#forget();
    throw notYet('Redis was restarted or replaced meanwhile, and may lack what was just written.');
  }

  readonly #forget = (): void => {
    this.#known.clear();
  };

  /** The servers of a cluster wait each for themselves. */
  #nodeOf(key: string): string {
    return this.#redis instanceof Cluster ? key : '';
  }

  async #look(key: string): Promise<Known> {
    const node = this.#nodeOf(key);
    const known = await this.#known.get(node);
    if (known && performance.now() < known.until) return known;
    const asking = this.#ask(key);
    this.#known.set(node, asking);
    return asking.catch((error: unknown) => {
      if (this.#known.get(node) === asking) this.#known.delete(node);
      throw error;
    });
  }

  async #ask(key: string): Promise<Known> {
    const facts = await readServerFacts(this.#redis, key);
    if (facts.replicas > 0) this.#copied.add(facts.runId);
    const replicas = this.#copied.has(facts.runId) ? Math.max(facts.replicas, 1) : 0;
    const durability = durabilityOf({ ...facts, replicas });
    return { runId: facts.runId, durability, until: performance.now() + FACTS_FRESH_MS };
  }

  /** @returns the run id of the server on which everything written before the call is durable */
  #share(key: string): Promise<string> {
    const node = this.#nodeOf(key);
    const line = this.#lines.get(node) ?? { current: Promise.resolve(), next: undefined };
    this.#lines.set(node, line);
    line.next ??= line.current.then(() => {
      const waiting = this.#wait(key);
      line.current = waiting.catch(() => undefined);
      line.next = undefined;
      return waiting;
    });
    return line.next;
  }

  async #wait(key: string): Promise<string> {
    const { waitMs } = this.#options;
    const late = notYet(`Redis has not made it durable in ${waitMs / 1_000} seconds.`);
    // Both are asked after the writes, so both must be the server that has them.
    const both = Promise.all([readRunId(this.#redis, key), this.#writeAndWait(key)]);
    try {
      const [ours, theirs] = await pTimeout(both, { milliseconds: waitMs + WAIT_MARGIN_MS, message: late });
      if (ours !== theirs) throw notYet('Two servers answer in the place of one: Redis is being replaced.');
      return ours;
    } catch (error) {
      // Its connection may be blocked, or lead to a server that was replaced.
      this.close();
      this.#forget();
      if (error instanceof AppError) throw error;
      throw notYet(`Redis does not say whether it is durable: ${(error as Error).message}`, error);
    }
  }

  /**
   * Both the append-only file and replicas follow the order of the writes, so a write on this connection that has arrived
   * proves that all earlier ones of this server have. @returns the run id of the server
   */
  async #writeAndWait(key: string): Promise<string> {
    const { durability } = await this.#look(key);
    if (durability.kind === 'never')
      throw notYet('This Redis has begun to forget: its settings were changed.');
    const { waitMs } = this.#options;
    this.#waiter ??= this.#openWaiter();
    // Counts only if all commands came through one connection: WAIT knows only the writes of its own.
    const asking = this.#waiter.pipeline().client('ID').info('server').set(key, '1');
    if (durability.kind === 'wait' && durability.aof) asking.call('WAITAOF', '1', '0', waitMs);
    if (durability.kind === 'wait' && durability.replica) asking.call('WAIT', '1', waitMs);
    const replies = (await asking.client('ID').exec()) ?? [];
    const failed = replies.find(([error]) => error)?.[0];
    if (failed) throw failed;
    const [first, info, , ...rest] = replies.map(([, reply]) => reply);
    const last = rest.pop();
    if (first !== last) throw new Error('the connection was lost while it waited');
    const arrived = rest.every((count) => Number(Array.isArray(count) ? count[0] : count) > 0);
    if (!arrived) throw notYet(`${nameOf(durability)} did not confirm it in ${waitMs / 1_000} seconds.`);
    return runIdIn(String(info));
  }

  #openWaiter(): RedisClient {
    const waiter = this.#redis instanceof Cluster ? this.#redis.duplicate() : this.#redis.duplicate();
    // It reconnects by itself; a wait that fails says so.
    waiter.on('error', () => undefined);
    return waiter;
  }
}

function nameOf(durability: Durability): string {
  if (durability.kind !== 'wait' || !durability.replica) return 'The disk of Redis';
  return durability.aof ? 'The disk and a replica of Redis' : 'A replica of Redis';
}

function notYet(message: string, cause?: unknown): AppError {
  return new AppError('NOT_DURABLE_YET', message, { cause });
}
