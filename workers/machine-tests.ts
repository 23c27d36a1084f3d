/** What is tested on this machine, at no cost to the peer's limits: credentials, store, clock, and the way to a host. */
import { isIP, connect as tcpConnect } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import { type ProxySettings, proxyFor } from '../src/alibaba/proxy.ts';
import { reach } from '../src/alibaba/reach.ts';
import { AppError } from '../src/errors.ts';
import type { OpenAccount } from '../src/onboarding/open-account.ts';
import type { Peer } from '../src/onboarding/open-peer.ts';
import { accountKeys } from '../src/redis/keys.ts';
import { redisTime } from '../src/redis/time.ts';
import type { NotedSubmits } from './noted-submits.ts';

/** Longest wait for a connection, or for an answer to a request that nobody signed. In milliseconds. */
const REACH_WITHIN_MS = 5_000;
/** A clock that is further off than this is not trusted; the peer refuses calls from 15 minutes on. */
const SKEW_MS_MAX = 60_000;
const MICROSECONDS_PER_MS = 1_000;
const MS_PER_SECOND = 1_000;

export interface Tested
  extends Pick<OpenAccount, 'account' | 'settings' | 'redis' | 'now'>,
    Pick<Peer, 'readCredentials'> {
  noted: Pick<NotedSubmits, 'learn'>;
}

/** @throws AppError CREDENTIALS_UNAVAILABLE */
export async function testCredentials({ readCredentials }: Tested): Promise<void> {
  await readCredentials();
}

/** @throws AppError STORE_UNREACHABLE, STORE_MISMATCH */
export async function testStore({ noted }: Tested): Promise<void> {
  await noted.learn();
}

/**
 * The peer's clock decides, where it tells the time; otherwise that of Redis.
 * @param isRefused whether the peer has refused a call because of the clock, so that it must be asked
 * @throws AppError CLOCK_OFF
 */
export async function testClock(tested: Tested, { isRefused }: { isRefused: boolean }): Promise<void> {
  const { redis, account, now } = tested;
  const asked = now();
  const theirs = (await redisTime(redis, accountKeys(account.ledger).contacts)) / MICROSECONDS_PER_MS;
  const skew = (asked + now()) / 2 - theirs;
  if (!isRefused && Math.abs(skew) <= SKEW_MS_MAX) return;
  const peerSkew = await readPeerSkew(tested);
  if (Math.abs(peerSkew ?? skew) <= SKEW_MS_MAX) return;
  const than = peerSkew === undefined ? 'that of Redis' : 'that of the peer';
  throw new AppError('CLOCK_OFF', `The clock of this machine is ${describe(peerSkew ?? skew)} ${than}.`);
}

function describe(skewMs: number): string {
  const seconds = Math.round(Math.abs(skewMs) / MS_PER_SECOND);
  return `${seconds} s ${skewMs > 0 ? 'ahead of' : 'behind'}`;
}

/** How far our clock is ahead of the peer's, in milliseconds; undefined if it does not tell. */
async function readPeerSkew({ account, settings: { proxy }, now }: Tested): Promise<number | undefined> {
  try {
    const asked = now();
    const { date = '' } = await reach(account.endpoint, { proxy, withinMs: REACH_WITHIN_MS });
    const skew = (asked + now()) / 2 - Date.parse(date);
    return Number.isNaN(skew) ? undefined : skew;
  } catch {
    return undefined;
  }
}

/**
 * Connects as a call would, without making one.
 * @param address scheme, host and port
 * @returns whether a connection came about, TLS included
 */
export async function canConnect(address: string, proxy: ProxySettings): Promise<boolean> {
  // A proxy takes calls, not connections, so this asks for nothing in particular.
  if (proxyFor(address, proxy) !== undefined) return canReach(address, proxy);
  const { protocol, hostname, port } = new URL(address);
  const isTls = protocol === 'https:';
  const host = hostname.replace(/^\[|\]$/g, '');
  const target = { host, port: Number(port) || (isTls ? 443 : 80) };
  const socket = isTls
    ? tlsConnect({ ...target, ...(isIP(host) ? {} : { servername: host }) })
    : tcpConnect(target);
  socket.setTimeout(REACH_WITHIN_MS);
  try {
    return await new Promise<boolean>((resolve) => {
      socket.once(isTls ? 'secureConnect' : 'connect', () => resolve(true));
      socket.once('error', () => resolve(false));
      socket.once('timeout', () => resolve(false));
    });
  } finally {
    socket.on('error', () => undefined).destroy();
  }
}

async function canReach(address: string, proxy: ProxySettings): Promise<boolean> {
  return reach(address, { proxy, withinMs: REACH_WITHIN_MS }).then(
    () => true,
    () => false,
  );
}
