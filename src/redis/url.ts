/** What `REDIS_URL` may say: one server, a socket of this machine, a cluster, or a master that Sentinels watch. Pure. */

interface Login {
  username?: string;
  password?: string;
}

interface Place {
  host: string;
  port: number;
}

interface ServerTarget extends Login, Place {
  kind: 'single';
  db: number;
  isTls: boolean;
}

interface SocketTarget extends Login {
  kind: 'socket';
  /** Of the socket. */
  path: string;
  db: number;
}

/** Its nodes share the login, and whether they want TLS. */
interface ClusterTarget extends Login {
  kind: 'cluster';
  nodes: Place[];
  isTls: boolean;
}

interface SentinelTarget extends Login {
  kind: 'sentinel';
  sentinels: Place[];
  /** The master's name as the Sentinels know it. */
  name: string;
  db: number;
  /** Of the master and of the Sentinels. */
  isTls: boolean;
  sentinelUsername?: string;
  sentinelPassword?: string;
}

export type RedisTarget = ServerTarget | SocketTarget | ClusterTarget | SentinelTarget;

/** Of a URL for people to correct. */
export const REDIS_URL_FORMS =
  'redis://host:6379/0, rediss:// for TLS, several separated by commas for a cluster, redis-sentinel://host,host/master-name or rediss-sentinel://, or unix:///run/redis.sock?db=0';

const SERVER = /^rediss?:\/\/[^/\s]/;
const DATABASE = /^\d{1,5}$/;
/** `redis-sentinel://user:password@host:26379,host:26379/master-name/0?sentinelUsername=…&sentinelPassword=…` */
const SENTINEL =
  /^redis(?<tls>s?)-sentinel:\/\/(?:(?<user>[^:@/]*)(?::(?<password>[^@/]*))?@)?(?<hosts>[^/@?]+)\/(?<name>[^/?]+)(?:\/(?<db>\d{1,3}))?(?:\?(?<query>.+))?$/;
const SENTINEL_HOST = /^(?<host>[^:\s[\]]+|\[[0-9a-fA-F:]+\])(?::(?<port>\d{1,5}))?$/;
/** `unix://user:password@/run/redis.sock?db=1`, also as `redis+unix://`. */
const SOCKET =
  /^(?:redis\+)?unix:\/\/(?:(?<user>[^:@/]*)(?::(?<password>[^@/]*))?@)?(?<path>\/[^?]+)(?:\?db=(?<db>\d{1,5}))?$/;
const PORT = 6_379;
const SENTINEL_PORT = 26_379;
const PORT_MAX = 65_535;

/** @returns undefined if the text is none of these */
export function parseRedisUrl(text: string): RedisTarget | undefined {
  if (/^rediss?-sentinel:/.test(text)) return isDecodable(text) ? parseSentinels(text) : undefined;
  if (/^(redis\+)?unix:/.test(text)) return isDecodable(text) ? parseSocket(text) : undefined;
  const servers = text.split(',').map((url) => parseServer(url.trim()));
  const [first] = servers;
  if (first === undefined || !servers.every((server) => server !== undefined)) return undefined;
  return servers.length === 1 ? first : parseCluster(servers);
}

/** A node of a cluster that was named alone, as the cluster that it leads to. */
export function clusterOf({ host, port, kind: _kind, db: _db, ...shared }: ServerTarget): ClusterTarget {
  return { kind: 'cluster', nodes: [{ host, port }], ...shared };
}

/** The first server that is named of several, alone. @returns undefined if only one is named */
export function doorOf(target: RedisTarget): ServerTarget | undefined {
  if (target.kind === 'single' || target.kind === 'socket') return undefined;
  const isCluster = target.kind === 'cluster';
  const [place] = isCluster ? target.nodes : target.sentinels;
  const { username, password, isTls } = isCluster
    ? target
    : { username: target.sentinelUsername, password: target.sentinelPassword, isTls: target.isTls };
  const login = { ...(username ? { username } : {}), ...(password ? { password } : {}) };
  return place && { kind: 'single', db: 0, isTls, ...place, ...login };
}

/** Where it is, for people: never the login. */
export function describeTarget(target: RedisTarget): string {
  if (target.kind === 'socket') return target.path;
  if (target.kind === 'single') return placeName(target);
  if (target.kind === 'cluster') return target.nodes.map(placeName).join(', ');
  return `${target.sentinels.map(placeName).join(', ')} (Sentinels of ${target.name})`;
}

/** The hosts that it names: certificates may be issued for them. */
export function hostsOf(target: RedisTarget): string[] {
  if (target.kind === 'socket') return [];
  if (target.kind === 'single') return [target.host];
  return (target.kind === 'cluster' ? target.nodes : target.sentinels).map(({ host }) => host);
}

const placeName = ({ host, port }: Place) => `${host.includes(':') ? `[${host}]` : host}:${port}`;

function parseServer(text: string): ServerTarget | undefined {
  if (!SERVER.test(text) || !URL.canParse(text)) return undefined;
  const { protocol, hostname, port, pathname, searchParams, username, password } = new URL(text);
  const { db = pathname.replace(/^\//, '') || '0', ...unknown } = Object.fromEntries(searchParams);
  if (!DATABASE.test(db) || Object.keys(unknown).length > 0) return undefined;
  return {
    kind: 'single',
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port || PORT),
    db: Number(db),
    isTls: protocol === 'rediss:',
    ...loginOf(username, password),
  };
}

/** A cluster has one database, and no node of it may be reached in another way than the others. */
function parseCluster(servers: readonly ServerTarget[]): ClusterTarget | undefined {
  const [first] = servers;
  if (first === undefined || servers.some(({ db, isTls }) => db !== 0 || isTls !== first.isTls))
    return undefined;
  const named = servers.find(({ password }) => password !== undefined) ?? first;
  return { ...clusterOf(named), nodes: servers.map(({ host, port }) => ({ host, port })) };
}

function parseSentinels(text: string): SentinelTarget | undefined {
  const { tls, hosts, name, db, user, password, query } = SENTINEL.exec(text)?.groups ?? {};
  if (hosts === undefined || name === undefined) return undefined;
  const sentinels = hosts.split(',').map(parseHost);
  if (!sentinels.every((sentinel) => sentinel !== undefined)) return undefined;
  // A plus sign stays one, as in every other part of the address.
  const more = new URLSearchParams(query?.replaceAll('+', '%2B'));
  const { sentinelUsername, sentinelPassword, ...unknown } = Object.fromEntries(more);
  if (Object.keys(unknown).length > 0) return undefined;
  return {
    kind: 'sentinel',
    sentinels,
    name: decodeURIComponent(name),
    db: Number(db ?? 0),
    isTls: tls === 's',
    ...loginOf(user, password),
    ...(sentinelUsername ? { sentinelUsername } : {}),
    ...(sentinelPassword ? { sentinelPassword } : {}),
  };
}

function parseSocket(text: string): SocketTarget | undefined {
  const { path, db, user, password } = SOCKET.exec(text)?.groups ?? {};
  if (path === undefined) return undefined;
  return {
    kind: 'socket',
    path: decodeURIComponent(path),
    db: Number(db ?? 0),
    ...loginOf(user, password),
  };
}

function parseHost(text: string): Place | undefined {
  const { host, port } = SENTINEL_HOST.exec(text.trim())?.groups ?? {};
  const number = Number(port ?? SENTINEL_PORT);
  if (host === undefined || number > PORT_MAX) return undefined;
  return { host: host.replace(/^\[|\]$/g, ''), port: number };
}

function loginOf(username: string | undefined, password: string | undefined): Login {
  return {
    ...(username ? { username: decode(username) } : {}),
    ...(password ? { password: decode(password) } : {}),
  };
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
