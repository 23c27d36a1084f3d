/**
 * A draft is registered by one request at a time, whichever process takes it: Redis says whose turn it is. Whoever comes later
 * finds the batch noted in the draft.
 */
import { setTimeout } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../errors.ts';
import type { Onboarding } from '../../index.ts';
import { digestOf } from '../idempotency/idempotency.ts';

const ASK_EVERY_MS = 200;
const WAIT_MS_MAX = 60_000;
const RETRY_AFTER_SECONDS = 10;

interface Registering {
  onboarding: Pick<Onboarding, 'keptAnswers'>;
  request: FastifyRequest;
  reply: FastifyReply;
  draft: string;
}

/** @throws AppError IDEMPOTENCY_RUNNING if another request takes too long; whatever the work throws */
export async function inTurn<T>(registering: Registering, work: () => Promise<T>): Promise<T> {
  const { end } = await begin(registering);
  try {
    return await work();
  } finally {
    // What is not given back lapses.
    await end(undefined).catch((error: Error) => {
      const { request, draft } = registering;
      request.log.warn(
        { event: 'turn_not_ended', draft, error: error.message },
        'a draft stays taken for seconds',
      );
    });
  }
}

async function begin({ onboarding, reply, draft }: Registering) {
  const kept = await onboarding.keptAnswers();
  const asked = { request: digestOf(['draft', draft]), body: '' };
  for (const until = Date.now() + WAIT_MS_MAX; Date.now() < until; ) {
    const beginning = await kept.begin(asked);
    if (beginning.is === 'begun') return beginning.begun;
    await setTimeout(ASK_EVERY_MS);
  }
  reply.header('retry-after', RETRY_AFTER_SECONDS);
  throw new AppError('IDEMPOTENCY_RUNNING', 'This draft is being registered by another request.');
}
