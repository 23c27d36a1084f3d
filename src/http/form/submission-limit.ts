/**
 * How often the form of one purchase may be sent. It opens again for what Chat App refuses, and each submission stores an
 * agreement and takes a call of those that the account has in a second: one buyer must not take them from all others.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../errors.ts';

const WINDOW_MS = 3_600_000;
/** More than anybody who corrects what was refused. */
const SUBMISSIONS_MAX = 60;

export type SubmissionLimit = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/** Needs the plugin that `createTokenLimit` registers. @returns throws AppError TOO_MANY_REQUESTS */
export function createSubmissionLimit(app: FastifyInstance): SubmissionLimit {
  const count = app.createRateLimit({
    ...{ max: SUBMISSIONS_MAX, timeWindow: WINDOW_MS },
    keyGenerator: ({ formAsked }) => `${formAsked?.form.channel.slug} ${formAsked?.instanceId}`,
  });
  return async (request, reply) => {
    const counted = await count(request);
    if (counted.isAllowed || !counted.isExceeded) return;
    reply.header('retry-after', Math.max(1, counted.ttlInSeconds));
    throw new AppError('TOO_MANY_REQUESTS', 'This form was sent too often.');
  };
}
