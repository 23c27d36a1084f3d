/**
 * Opens a Redis with certainty about what answers: that it does, that it lets us in, and whether it is a cluster. What goes
 * wrong is said in one line, which is the same for every program.
 */
import pTimeout from 'p-timeout';
import { AppError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { type ConnectionUse, connectTarget, type RedisClient, type RedisPlace, targetOf } from './connect.ts';
import { CLOSED, explainContact, isFinal, TLS_UNANSWERED } from './explain.ts';
import type { TlsMaterial } from './tls.ts';
import { clusterOf, describeTarget, doorOf, type RedisTarget } from './url.ts';

/** Longest wait for the first answer, in milliseconds: a Redis that is being started may need as long. */
const FIRST_CONTACT_MS_MAX = 5_000;

/** So often a connection is closed without a word until that is the answer. */
const HANG_UPS_MAX = 3;

/**
 * A cluster is followed as one, though only one of its nodes was named.
 * @throws AppError REDIS_UNREACHABLE, REDIS_REFUSED, CONFIG_INVALID; nothing stays open then
 */
export async function openRedis(
  place: RedisPlace,
  use: ConnectionUse,
  logger?: Logger,
): Promise<RedisClient> {
  const target = targetOf(place.url);
  const { tls = {} } = place;
  const follow = (wanted: RedisTarget) => meet(wanted, connectTarget(wanted, { ...use, tls }, logger));
  const client = await follow(target).catch((error: unknown) => explainByDoor(error, target, tls));
  if (target.kind !== 'single' || (await modeOf(client, target)) !== 'cluster') return client;
  client.disconnect();
  if (target.db !== 0) throw refusal(target, 'ERR SELECT is not allowed in cluster mode');
  return follow(clusterOf(target));
}

/**
 * A cluster and Sentinels are reached through one of those that the settings name. Why that fails, ioredis does not tell, so
 * the first of them is asked by itself.
 */
async function explainByDoor(error: unknown, target: RedisTarget, tls: TlsMaterial): Promise<never> {
  const door = doorOf(target);
  if (door === undefined) throw error;
  const reason = await meet(door, connectTarget(door, { waitsForever: false, tls })).then(
    (client) => examineSentinel(client, target).finally(() => client.disconnect()),
    (reason: AppError) => reason,
  );
  if (isFinal(reason?.cause)) throw reason;
  if (target.kind !== 'sentinel') throw error;
  // Of a Sentinel that refuses, ioredis says the same as of one that hangs up.
  throw (reason && explainContact(reason.cause, describeTarget(target))) ?? reason ?? error;
}

/** A Sentinel that answers may watch other masters only. */
async function examineSentinel(client: RedisClient, target: RedisTarget): Promise<AppError | undefined> {
  if (target.kind !== 'sentinel') return undefined;
  const asked = client.call('SENTINEL', 'get-master-addr-by-name', target.name);
  const master = await pTimeout(asked, { milliseconds: FIRST_CONTACT_MS_MAX }).catch(() => undefined);
  if (master !== null) return undefined;
  const hint = 'Correct the name in REDIS_URL: redis-sentinel://host:26379/master-name.';
  const message = `At ${describeTarget(target)}, no master of this name is known.`;
  return new AppError('REDIS_REFUSED', message, { hint });
}

/** Where a Redis is, for people: never the login. */
export function describePlace({ url }: RedisPlace): string {
  return describeTarget(targetOf(url));
}

/** Resolves when it answers; what stands in the way is known by the errors that it met until then. */
async function meet(target: RedisTarget, client: RedisClient): Promise<RedisClient> {
  let last: unknown;
  let hangUps = 0;
  const contact = new Promise<void>((resolve, reject) => {
    const note = (error: unknown) => {
      last = error;
      if (isFinal(error)) reject(error);
    };
    client.once('ready', resolve).on('error', note).on('node error', note);
    client.on('close', () => {
      last ??= CLOSED;
      // A Redis that is being started refuses connections; this one takes them, and hangs up.
      if (last === CLOSED && ++hangUps >= HANG_UPS_MAX) reject(CLOSED);
    });
    if (client.status === 'ready') resolve();
  });
  try {
    await pTimeout(contact, { milliseconds: FIRST_CONTACT_MS_MAX });
    return client;
  } catch (error) {
    client.disconnect();
    const address = describeTarget(target);
    const silent = 'isTls' in target && target.isTls ? TLS_UNANSWERED : error;
    throw explainContact(isFinal(error) ? error : (last ?? silent), address) ?? silence(address, error);
  }
}

/**
 * `standalone`, `cluster` or `sentinel`; undefined if it does not disclose it.
 * @throws AppError REDIS_REFUSED, REDIS_UNREACHABLE
 */
async function modeOf(client: RedisClient, target: RedisTarget): Promise<string | undefined> {
  const asked = client.info('server').catch(() => '');
  // It may go silent just now, and this client would ask it for ever.
  const info = await pTimeout(asked, { milliseconds: FIRST_CONTACT_MS_MAX }).catch((error: unknown) => {
    client.disconnect();
    throw silence(describeTarget(target), error);
  });
  // Valkey calls it by its own name.
  const mode = /(?:redis|server)_mode:(\w+)/.exec(info)?.[1];
  if (mode !== 'sentinel') return mode;
  client.disconnect();
  const hint = 'Write redis-sentinel://host:26379/master-name, or the address of Redis itself.';
  throw new AppError('REDIS_REFUSED', `A Sentinel answers at ${describeTarget(target)}, not a Redis.`, {
    hint,
  });
}

function refusal(target: RedisTarget, message: string): unknown {
  return explainContact(new Error(message), describeTarget(target));
}

function silence(address: string, cause: unknown): AppError {
  return new AppError('REDIS_UNREACHABLE', `Redis does not answer at ${address}.`, { cause });
}
