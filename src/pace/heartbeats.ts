/**
 * Who works for an account. Every worker process sends heartbeats to Redis and is gone, by the clock of Redis, soon after
 * its last one, however it ended. They say why nothing moves, and whether the process that began something still lives.
 */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { z } from 'zod';
import type { RedisClient } from '../redis/connect.ts';
import { jsonForScript } from '../redis/json.ts';
import { accountKeys } from '../redis/keys.ts';
import { defineScript } from '../redis/script.ts';
import { STANDSTILLS_KEPT_MS } from './standstill.ts';

/** The state of a process that takes jobs. Any other text says why it takes none. */
export const WORKING = 'working';

export interface HeartbeatTiming {
  /** Time between two heartbeats, in milliseconds. */
  everyMs: number;
  /** A process whose last heartbeat is older than this is gone; in milliseconds, at most the default. */
  goneAfterMs: number;
}

const TIMING: HeartbeatTiming = { everyMs: 10_000, goneAfterMs: 30_000 };

const workerSchema = z.object({
  /** Of the process; a new one each time it starts. */
  id: z.string(),
  host: z.string(),
  pid: z.number(),
  /** Of this software. */
  version: z.string(),
  state: z.string(),
  /** When it began to work and when its state last changed, in milliseconds since 1970. */
  since: z.number(),
  stateSince: z.number(),
});
/** A worker process that was there just now. */
export type LivingWorker = z.output<typeof workerSchema>;

const resultSchema = z.object({
  /** The clock of Redis, in milliseconds since 1970. */
  now: z.number(),
  /** When any worker was last there, in milliseconds since 1970; undefined if none ever was. */
  lastSeen: z.number().transform((time) => (time === 0 ? undefined : time)),
  /** Left out: one of another version that describes itself in words that this one cannot read. */
  workers: z
    .array(z.string())
    .transform((texts) => texts.flatMap((text) => workerSchema.safeParse(JSON.parse(text)).data ?? [])),
});
export type Presence = z.output<typeof resultSchema>;

export const heartbeatsScript = defineScript(new URL('./heartbeats.lua', import.meta.url), {
  prelude: [
    '-- No heartbeat counts for longer (ms).',
    `local COUNTS_MS_MAX = ${TIMING.goneAfterMs}`,
    '-- How long times in which nothing could be sent are kept (ms).',
    `local STANDSTILLS_KEPT_MS = ${STANDSTILLS_KEPT_MS}`,
  ].join('\n'),
  decode: resultSchema.parse,
});

export interface HeartbeatsOptions {
  account: string;
  /** Names this process; by default a new name. */
  processId?: string;
  /** Of this software. */
  version: string;
  /** Timing that differs from the defaults. */
  timing?: Partial<HeartbeatTiming>;
}

export class Heartbeats {
  /** Names this process in its heartbeats. */
  readonly processId: string;
  readonly timing: HeartbeatTiming;
  readonly #redis: RedisClient;
  readonly #account: string;
  readonly #version: string;

  constructor(redis: RedisClient, { account, processId = randomUUID(), version, timing }: HeartbeatsOptions) {
    this.processId = processId;
    this.timing = { ...TIMING, ...timing };
    this.#redis = redis;
    this.#account = account;
    this.#version = version;
  }

  /**
   * This process lives.
   * @param state `WORKING`, or in a few words why it takes no jobs
   * @param kind of that reason: while it stays, so does the time since which the state lasts, whatever its words
   */
  async beat(state: string, kind = state): Promise<void> {
    const names = { id: this.processId, host: hostname(), pid: process.pid, version: this.#version };
    const facts = { ...names, state, kind };
    await this.#run(this.processId, jsonForScript(facts));
  }

  /** This process ends: it is gone at once. */
  async leave(): Promise<void> {
    await this.#run(this.processId, '');
  }

  /** Who is there; writes nothing. */
  list(): Promise<Presence> {
    return this.#run('', '');
  }

  /** Whether a process still lives, by its id. */
  async has(processId: string): Promise<boolean> {
    return (await this.list()).workers.some(({ id }) => id === processId);
  }

  #run(processId: string, facts: string): Promise<Presence> {
    const { workers, aboutWorkers, workersLastSeen, standstills } = accountKeys(this.#account);
    const keys = [workers, aboutWorkers, workersLastSeen, standstills];
    return heartbeatsScript.run(this.#redis, keys, [processId, facts, this.timing.goneAfterMs]);
  }
}
