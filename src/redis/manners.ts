/** What ioredis clients lack: time for blocking commands, a `quit` that always ends, not giving up, and doing without INFO. */
import { Cluster, type ClusterOptions, type Redis, type RedisOptions } from 'ioredis';
import pTimeout from 'p-timeout';

/**
 * Longest wait for an answer on a duplicate, in milliseconds. BullMQ duplicates the connection for each worker, which
 * blocks on it for up to ten seconds and gives up by itself one second later.
 */
const BLOCKING_SOCKET_TIMEOUT_MS = 15_000;
/** Longest wait for `quit`, in milliseconds: a Redis that is silent or away never confirms it. */
const QUIT_MS_MAX = 2_000;
/** How soon a connection that was given up is tried again, in milliseconds. */
const COME_BACK_MS = 100;

type InfoCallback = (error: Error | null, text?: string) => void;
/** By `rename-command`, or for this user. */
const INFO_CLOSED = /unknown command|NOPERM/i;
/** The oldest that we work with. */
const LEAST_INFO = 'redis_version:6.2.0\r\n';

/** The same client, whose duplicates may block and whose `quit` always ends. Its duplicates behave the same way. */
export function withManners<Client extends Redis | Cluster>(client: Client): Client {
  const quit = client.quit.bind(client);
  if (!(client instanceof Cluster)) {
    comeBack(client);
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
    withManners(duplicate({ socketTimeout: BLOCKING_SOCKET_TIMEOUT_MS, ...changes }));
}

function duplicatorOfCluster(client: Cluster) {
  const duplicate = client.duplicate.bind(client);
  return (nodes?: Parameters<typeof duplicate>[0], changes?: ClusterOptions) => {
    const redisOptions = { ...changes?.redisOptions, socketTimeout: BLOCKING_SOCKET_TIMEOUT_MS };
    return withManners(duplicate(nodes, { ...changes, redisOptions }));
  };
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
