/** Refuses what would be too much at a time, before anything is done for it. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../errors.ts';
import { nameOf } from './access.ts';
import type { Limits } from './limits.ts';

const RETRY_AFTER_SECONDS = 5;

interface Asked {
  request: FastifyRequest;
  reply: FastifyReply;
}

/**
 * @returns what gives the place back
 * @throws AppError TOO_MANY_REQUESTS if this user has too many under way here, SERVER_BUSY if all together have
 */
export function takePlace(limits: Limits, { request, reply }: Asked): () => void {
  const place = limits.take(`${nameOf(request)} ${request.ip}`);
  if (typeof place !== 'string') return place;
  reply.header('retry-after', RETRY_AFTER_SECONDS);
  throw place === 'all'
    ? new AppError('SERVER_BUSY', 'Too many such requests are under way.')
    : new AppError('TOO_MANY_REQUESTS', 'Too many such requests of yours are under way.');
}

/** @throws AppError as `takePlace`; whatever the work throws */
export async function inPlace<T>(limits: Limits, asked: Asked, work: () => Promise<T>): Promise<T> {
  const place = takePlace(limits, asked);
  try {
    return await work();
  } finally {
    place();
  }
}
