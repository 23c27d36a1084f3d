/** What `REDIS_URL` may say: one server, a cluster, or a master that Sentinels watch. Pure. */

interface SentinelTarget {
  kind: 'sentinel';
  sentinels: { host: string; port: number }[];
  /** The master's name as the Sentinels know it. */
  name: string;
  db: number;
  username?: string;
  password?: string;
  sentinelPassword?: string;
}

export type RedisTarget =
  | { kind: 'single'; url: string }
  | { kind: 'cluster'; urls: string[] }
  | SentinelTarget;

const SERVER = /^rediss?:\/\/[^/\s]/;
/** `redis-sentinel://user:password@host:26379,host:26379/master-name/0?sentinelPassword=…` */
const SENTINEL =
  /^redis-sentinel:\/\/(?:(?<user>[^:@/]*)(?::(?<password>[^@/]*))?@)?(?<hosts>[^/@?]+)\/(?<name>[^/?]+)(?:\/(?<db>\d{1,3}))?(?:\?sentinelPassword=(?<sentinelPassword>[^&]+))?$/;
const SENTINEL_HOST = /^(?<host>[^:\s[\]]+|\[[0-9a-fA-F:]+\])(?::(?<port>\d{1,5}))?$/;
const SENTINEL_PORT = 26_379;
const PORT_MAX = 65_535;

/** @returns undefined if the text is none of these. */
export function parseRedisUrl(text: string): RedisTarget | undefined {
  if (text.startsWith('redis-sentinel:')) return isDecodable(text) ? parseSentinels(text) : undefined;
  const urls = text.split(',').map((url) => url.trim());
  const [url] = urls;
  if (url === undefined || !urls.every((part) => SERVER.test(part) && URL.canParse(part))) return undefined;
  return urls.length > 1 ? { kind: 'cluster', urls } : { kind: 'single', url };
}

/**
 * What all nodes of a cluster share, according to its first address: the login, and whether to use TLS.
 */
export function nodeOptionsOf(urls: readonly string[]): {
  username?: string;
  password?: string;
  tls?: object;
} {
  const [first] = urls.filter((url) => URL.canParse(url)).map((url) => new URL(url));
  if (first === undefined) return {};
  const { protocol, username, password } = first;
  return {
    ...(username ? { username: decode(username) } : {}),
    ...(password ? { password: decode(password) } : {}),
    ...(protocol === 'rediss:' ? { tls: {} } : {}),
  };
}

function parseSentinels(text: string): SentinelTarget | undefined {
  const { hosts, name, db, user, password, sentinelPassword } = SENTINEL.exec(text)?.groups ?? {};
  if (hosts === undefined || name === undefined) return undefined;
  const sentinels = hosts.split(',').map(parseHost);
  if (!sentinels.every((sentinel) => sentinel !== undefined)) return undefined;
  return {
    kind: 'sentinel',
    sentinels,
    name: decodeURIComponent(name),
    db: Number(db ?? 0),
    ...(user ? { username: decodeURIComponent(user) } : {}),
    ...(password ? { password: decodeURIComponent(password) } : {}),
    ...(sentinelPassword ? { sentinelPassword: decodeURIComponent(sentinelPassword) } : {}),
  };
}

function parseHost(text: string): { host: string; port: number } | undefined {
  const { host, port } = SENTINEL_HOST.exec(text.trim())?.groups ?? {};
  const number = Number(port ?? SENTINEL_PORT);
  if (host === undefined || number > PORT_MAX) return undefined;
  return { host: host.replace(/^\[|\]$/g, ''), port: number };
}

/** Returns the text unchanged if it is not encoded. */
function decode(text: string): string {
  return isDecodable(text) ? decodeURIComponent(text) : text;
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
