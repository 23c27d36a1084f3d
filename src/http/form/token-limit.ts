/**
 * Wrong tokens: none can be guessed, but trying costs us. Only those are counted, so that nobody keeps a buyer with a right
 * one away, even behind the same address.
 */
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../errors.ts';

const WINDOW_MS = 300_000;
const WRONG_MAX = 60;
/** Addresses that are counted; the ones used longest ago are forgotten. */
const COUNTED_MAX = 10_000;
/** An address of IPv6 is a network of its owner's own. */
const IPV6_NETWORK_BITS = 64;

export interface TokenLimit {
  /** @throws AppError FORM_UNKNOWN; TOO_MANY_REQUESTS after many of the same address */
  refuse(request: FastifyRequest, reply: FastifyReply): Promise<never>;
}

export async function createTokenLimit(app: FastifyInstance): Promise<TokenLimit> {
  await app.register(rateLimit, {
    ...{ global: false, max: WRONG_MAX, timeWindow: WINDOW_MS, cache: COUNTED_MAX },
    ipv6Subnet: IPV6_NETWORK_BITS,
  });
  const count = app.createRateLimit();
  return {
    async refuse(request, reply) {
      const counted = await count(request);
      // What is still on its way is not waited for.
      if (request.method !== 'GET') reply.header('connection', 'close');
      if (counted.isAllowed || !counted.isExceeded)
        throw new AppError('FORM_UNKNOWN', 'This link leads to no form.');
      reply.header('retry-after', Math.max(1, counted.ttlInSeconds));
      throw new AppError('TOO_MANY_REQUESTS', 'Too many links that lead to no form were tried.');
    },
  };
}
