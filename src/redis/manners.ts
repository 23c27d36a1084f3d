/**
 * What ioredis clients lack: time for blocking commands, a `quit` that always ends, not giving up, doing without INFO, and
 * duplicates that cost little.
 */
import { Cluster, type ClusterOptions, type Redis, type RedisOptions } from 'ioredis';
import pTimeout from 'p-timeout';
import { joinWrites } from './joint-writes.ts';

/**
 * Longest wait for an answer on a duplicate, in milliseconds. BullMQ duplicates the connection for each worker, which
 * blocks on it for up to ten seconds and gives up by itself one second later.
 */
const BLOCKING_SOCKET_TIMEOUT_MS = 15_000;
/** Longest wait for `quit`, in milliseconds: a Redis that is silent or away never confirms it. */
const QUIT_MS_MAX = 2_000;
/** How soon a connection that was given up is tried again, in milliseconds. */
const COME_BACK_MS = 100;
/** The same for a cluster: longer than ioredis itself waits before it tries again. */
const COME_BACK_TO_CLUSTER_MS = 3_000;

/** By which BullMQ knows that it is the connection that failed. */
const CLOSED_MESSAGE = 'Connection is closed.';

type InfoCallback = (error: Error | null, text?: string) => void;
/** By `rename-command`, or for this user. */
const INFO_CLOSED = /unknown command|NOPERM/i;
/** The oldest that we work with. */
const LEAST_INFO = 'redis_version:6.2.0\r\n';

/** The same client, whose duplicates may block and whose `quit` always ends. Its duplicates behave the same way. */
export function withManners<Client extends Redis | Cluster>(client: Client): Client {
  const quit = client.quit.bind(client);
  if (client instanceof Cluster) comeBackToCluster(client);
  else {
    comeBack(client);
    joinWrites(client);
    doWithoutInfo(client);
  }
  return Object.assign(client, {
    duplicate: client instanceof Cluster ? duplicatorOfCluster(client) : duplicatorOfServer(client),
    quit: () => endInAnyCase(client, quit),
  });
}

function duplicatorOfServer(client: Redis) {
  const duplicate = client.duplicate.bind(client);
  return (changes?: Partial<RedisOptions>) =>
    sharingScripts(client, withManners(duplicate({ socketTimeout: BLOCKING_SOCKET_TIMEOUT_MS, ...changes })));
}

function duplicatorOfCluster(client: Cluster) {
  const duplicate = client.duplicate.bind(client);
  return (nodes?: Parameters<typeof duplicate>[0], changes?: ClusterOptions) => {
    const redisOptions = { ...changes?.redisOptions, socketTimeout: BLOCKING_SOCKET_TIMEOUT_MS };
    return sharingScripts(client, withManners(duplicate(nodes, { ...changes, redisOptions })));
  };
}

/** What `defineCommand` makes of a script: an entry in one table, and two commands. */
type ScriptTables = Record<string, unknown> & { scriptsSet: Record<string, unknown> };

/**
 * BullMQ defines its sixty scripts on every client, which takes a hundred kilobytes each; a worker's duplicate, which only
 * blocks, never runs one. So a duplicate takes those that the first client has.
 */
function sharingScripts<Client extends Redis | Cluster>(first: Client, duplicate: Client): Client {
  const defineCommand = duplicate.defineCommand.bind(duplicate);
  const [theirs, own] = [first, duplicate] as unknown as [ScriptTables, ScriptTables];
  duplicate.defineCommand = (name, definition) => {
    const script = theirs.scriptsSet[name] as { lua?: string } | undefined;
    if (script?.lua !== definition.lua) return defineCommand(name, definition);
    own.scriptsSet[name] = script;
    for (const command of [name, `${name}Buffer`]) own[command] = theirs[command];
  };
  return duplicate;
}

/**
 * If a Sentinel announces a new master while ioredis is connecting to the old one, it ends the connection for good, and
 * everything fails from then on. Only an end that was asked for is one.
 */
function comeBack(client: Redis): void {
  const [connect, disconnect] = [client.connect.bind(client), client.disconnect.bind(client)];
  let isWanted = true;
  client.disconnect = (reconnect = false) => {
    if (!reconnect) isWanted = false;
    disconnect(reconnect);
  };
  // Whoever connects again after an end wants it again.
  client.connect = (callback) => {
    isWanted = true;
    return connect(callback);
  };
  client.on('end', () => {
    const again = () => {
      if (isWanted && client.status === 'end') connect().catch(() => undefined);
    };
    setTimeout(again, COME_BACK_MS).unref();
  });
}

/**
 * A cluster that turns out to be down, as each is until a replica has been promoted, ioredis leaves and tries again by itself,
 * but whoever waits for `connect` never hears of it. BullMQ waits so after each failover, and would never take a job again.
 * Nor does ioredis try again if one of the connections that it left ends only while it looks up the names of the nodes.
 */
function comeBackToCluster(client: Cluster): void {
  const [connect, disconnect] = [client.connect.bind(client), client.disconnect.bind(client)];
  let isWanted = true;
  client.disconnect = (reconnect = false) => {
    if (!reconnect) isWanted = false;
    disconnect(reconnect);
  };
  client.connect = () => {
    isWanted = true;
    return untilLeft(client, connect());
  };
  client.on('close', () => {
    const again = () => {
      if (isWanted && client.status === 'close') connect().catch(() => undefined);
    };
    setTimeout(again, COME_BACK_TO_CLUSTER_MS).unref();
  });
}

/** Fails when the client leaves the cluster that it was connecting to. */
function untilLeft(client: Cluster, connecting: Promise<void>): Promise<void> {
  let leave = () => {};
  const left = new Promise<never>((_resolve, reject) => {
    leave = () => reject(new Error(CLOSED_MESSAGE));
    client.once('close', leave);
  });
  return Promise.race([connecting, left]).finally(() => client.off('close', leave));
}

/**
 * Where INFO is closed, ioredis never gets ready, and BullMQ does not start: both ask for all of it. They are told the least
 * that may be assumed; whoever asks for one section is told the truth.
 */
function doWithoutInfo(client: Redis): void {
  const ask = client.info.bind(client) as (...sections: string[]) => Promise<string>;
  const info = (...parameters: (string | InfoCallback)[]) => {
    const sections = parameters.filter((parameter) => typeof parameter === 'string');
    const callback = parameters.find((parameter) => typeof parameter === 'function');
    const answer = ask(...sections).catch((error: Error) => {
      if (sections.length === 0 && INFO_CLOSED.test(error.message)) return LEAST_INFO;
      throw error;
    });
    if (callback) answer.then((text) => callback(null, text), callback);
    return answer;
  };
  Object.assign(client, { info });
}

/** QUIT alone would leave the client's connections to the Sentinels open. */
async function endInAnyCase(client: Redis | Cluster, quit: () => Promise<'OK'>): Promise<'OK'> {
  try {
    return await pTimeout(quit(), { milliseconds: QUIT_MS_MAX, fallback: () => 'OK' as const });
  } finally {
    client.disconnect();
  }
}
