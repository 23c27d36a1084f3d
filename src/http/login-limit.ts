/**
 * How often a password may be tried: by one address, for one name, and at one time. All of it is bounded, so a flood costs
 * neither memory nor all of the processor.
 */
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import pLimit from 'p-limit';

const WINDOW_MS = 300_000;
/** Attempts in a window. Several people may share an address. */
const BY_ADDRESS_MAX = 30;
const BY_NAME_MAX = 10;
/** Addresses, and names, that are counted; the ones used longest ago are forgotten. */
const COUNTED_MAX = 10_000;
/** One comparison keeps a thread busy and takes 32 MB. */
const COMPARED_AT_ONCE = 2;
const WAITING_MAX = 20;
const BUSY_SECONDS = 5;
/** An address of IPv6 is a network of its owner's own. */
const IPV6_NETWORK_BITS = 64;

/** Seconds to wait before another attempt; undefined if this one may be made. */
type Verdict = number | undefined;

export interface LoginLimit {
  /** Counts an attempt. */
  check(request: FastifyRequest, name: string): Promise<Verdict>;
  /** Compares a password when it is its turn. */
  compare<T>(work: () => Promise<T>): Promise<T>;
}

export async function createLoginLimit(app: FastifyInstance): Promise<LoginLimit> {
  await app.register(rateLimit, {
    global: false,
    timeWindow: WINDOW_MS,
    cache: COUNTED_MAX,
    ipv6Subnet: IPV6_NETWORK_BITS,
  });
  const names = new WeakMap<FastifyRequest, string>();
  const byAddress = app.createRateLimit({ max: BY_ADDRESS_MAX });
  const byName = app.createRateLimit({
    max: BY_NAME_MAX,
    keyGenerator: (request) => names.get(request) ?? '',
  });
  const turn = pLimit(COMPARED_AT_ONCE);
  return {
    async check(request, name) {
      if (turn.pendingCount >= WAITING_MAX) return BUSY_SECONDS;
      names.set(request, name);
      for (const count of [byAddress, byName]) {
        const counted = await count(request);
        if (!counted.isAllowed && counted.isExceeded) return Math.max(1, counted.ttlInSeconds);
      }
      return undefined;
    },
    compare: turn,
  };
}
