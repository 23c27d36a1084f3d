/** What a Redis says of itself: its version, what it writes to disk, and who copies it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type ChainableCommander, Cluster } from 'ioredis';
import pTimeout from 'p-timeout';
import { AppError } from '../errors.ts';
import type { RedisClient } from './connect.ts';

/** Longest wait for the first answer of a Redis. */
const FIRST_CONTACT_MS_MAX = 5_000;
/** So often the nodes of a cluster may send a question on, and how long it waits from the second time on: 4 s in all. */
const MOVES_MAX = 40;
const MOVED_AGAIN_MS = 100;
/** The first Redis that knows WAITAOF; Valkey, which is younger, always does. */
const WAITAOF_SINCE = [7, 2] as const;

export interface RedisFacts {
  /** `7.0.15`, or `unknown`. */
  version: string;
  /** Changes when the server restarts or is replaced; empty if it is not disclosed. */
  runId: string;
  /** `undefined` if the server does not disclose it; where CONFIG is closed, as hosted ones have it, INFO is asked. */
  policy: string | undefined;
  isAppendOnly: boolean | undefined;
  /** `always`, `everysec` or `no`. */
  fsync: string | undefined;
  /** Whether it can say when its append-only file has reached the disk (WAITAOF). */
  knowsWaitAof: boolean;
  /** Whether it says which connection a command came on (CLIENT ID): what a wait proves, it proves of its own connection. */
  tellsConnections: boolean;
  /** Replicas that are connected now. */
  replicas: number;
  /** How many of them it requires to accept a write at all; `undefined` if it does not disclose it. */
  replicasMin: number | undefined;
}

type Reply = [error: Error | null, reply: unknown];

/**
 * @param key on a cluster, the node that holds this key is asked; any node without it
 * @throws AppError REDIS_UNREACHABLE if no answer comes within five seconds
 */
export function readServerFacts(redis: RedisClient, key?: string): Promise<RedisFacts> {
  return pTimeout(askForFacts(redis, key), {
    milliseconds: FIRST_CONTACT_MS_MAX,
    message: new AppError('REDIS_UNREACHABLE', 'Redis does not answer in time.'),
  });
}

async function askForFacts(redis: RedisClient, key: string | undefined): Promise<RedisFacts> {
  const [info, connection, ...settings] = await ask(redis, key, (pipeline) => {
    pipeline.info().client('ID');
    for (const name of ['maxmemory-policy', 'appendonly', 'appendfsync', 'min-replicas-to-write'])
      pipeline.config('GET', name);
  });
  const text = textOf(info);
  const [policy = valueIn(text, 'maxmemory_policy'), appendOnly, fsync, replicasMin] =
    settings.map(settingOf);
  const version = /redis_version:(\S+)/.exec(text)?.[1] ?? 'unknown';
  const writes = appendOnly ?? { 0: 'no', 1: 'yes' }[/aof_enabled:([01])/.exec(text)?.[1] ?? ''];
  return {
    version,
    runId: runIdIn(text),
    policy,
    isAppendOnly: writes === undefined ? undefined : writes === 'yes',
    fsync,
    knowsWaitAof: /valkey_version:/.test(text) || isVersion(version, WAITAOF_SINCE),
    tellsConnections: connection?.[0] === null,
    replicas: Number(/connected_slaves:(\d+)/.exec(text)?.[1] ?? 0),
    replicasMin: replicasMin === undefined ? undefined : Number(replicasMin),
  };
}

/**
 * Identifies the server, until it restarts; empty if it does not disclose it.
 * @param key on a cluster, the node that holds this key is asked
 */
export async function readRunId(redis: RedisClient, key: string): Promise<string> {
  if (redis instanceof Cluster) {
    const [info] = await ask(redis, key, (pipeline) => pipeline.info('server'));
    return runIdIn(textOf(info));
  }
  // Asked every other second for each account, and ioredis would give a pipeline all scripts of BullMQ: ten kilobytes.
  const [, info] = await Promise.all([redis.exists(key), redis.info('server').catch(() => '')]);
  return runIdIn(info);
}

/** The run id in an answer to INFO. */
export function runIdIn(info: string): string {
  return /run_id:(\w+)/.exec(info)?.[1] ?? '';
}

/** Whether a version is at least this one; `unknown` is not. */
export function isVersion(version: string, [major, minor]: readonly [number, number]): boolean {
  const [ofMajor = 0, ofMinor = 0] = version.split('.').map(Number);
  return ofMajor > major || (ofMajor === major && ofMinor >= minor);
}

/**
 * A pipeline goes to one node as a whole: the one that has the key of its first command. It does not follow a move, and after
 * a failover the nodes send it in circles until all of them have heard of it.
 */
async function ask(
  redis: RedisClient,
  key: string | undefined,
  fill: (pipeline: ChainableCommander) => void,
  moves = 0,
): Promise<Reply[]> {
  const pipeline = redis.pipeline();
  fill(key === undefined ? pipeline.ping() : pipeline.exists(key));
  const [first, ...replies] = (await pipeline.exec()) as Reply[];
  const error = first?.[0];
  if (!error) return replies;
  if (key === undefined || moves === MOVES_MAX || !error.message.startsWith('MOVED')) throw error;
  // A single command follows, and the next pipeline goes where it went, unless a node that has not heard is believed.
  await redis.exists(key);
  if (moves > 0) await sleep(MOVED_AGAIN_MS);
  return ask(redis, key, fill, moves + 1);
}

/** Of one line of INFO. */
const valueIn = (info: string, name: string) => new RegExp(`^${name}:(\\S+)`, 'm').exec(info)?.[1];

const textOf = (reply: Reply | undefined) => (typeof reply?.[1] === 'string' ? reply[1] : '');

function settingOf([, reply]: Reply): string | undefined {
  return Array.isArray(reply) ? (reply[1] as string | undefined) : undefined;
}
