/** What ioredis' clients lack: time for those who block, and a goodbye that ends. */
import { Cluster, type ClusterOptions, type Redis, type RedisOptions } from 'ioredis';
import pTimeout from 'p-timeout';

/**
 * Longest wait for an answer on a duplicate, in milliseconds. BullMQ duplicates a connection for each worker, which
 * blocks on it for up to ten seconds and gives up by itself one second later.
 */
const BLOCKING_SOCKET_TIMEOUT_MS = 15_000;
/** Longest goodbye: a Redis that is silent or away hears none. In milliseconds. */
const QUIT_MS_MAX = 2_000;

/** The same client, whose duplicates may block and whose `quit` always ends; its duplicates have these manners too. */
export function withManners<Client extends Redis | Cluster>(client: Client): Client {
  const quit = client.quit.bind(client);
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

/** A mere QUIT would leave open what belongs to the connection: those to the Sentinels. */
async function endInAnyCase(client: Redis | Cluster, quit: () => Promise<'OK'>): Promise<'OK'> {
  try {
    return await pTimeout(quit(), { milliseconds: QUIT_MS_MAX, fallback: () => 'OK' as const });
  } finally {
    client.disconnect();
  }
}
