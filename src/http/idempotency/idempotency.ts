/**
 * `Idempotency-Key`, as Stripe has it: a request that is repeated under its key is done once and answered the same. Only
 * success is kept; whatever was refused or failed is tried again.
 */
import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import type { Onboarding } from '../../index.ts';
import type { BegunAnswer } from '../../onboarding/kept-answers.ts';
import { ownerOf } from '../access.ts';
import type { Api } from '../api-instance.ts';
import { sendProblem } from '../problem.ts';
import { seal, unseal } from './seal.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** It begins by itself when its body is there, which nobody else has read. */
    readsOwnBody?: true;
  }
  interface FastifyRequest {
    begunAnswer: (BegunAnswer & { secret: string }) | undefined;
  }
}

/** Printable, and short enough for a header of anybody's. */
const KEY = /^[\x21-\x7e]{1,200}$/;
const RETRY_SECONDS_MIN = 1;
/** Of an answer that is kept in Redis for a day, in characters. What brings rows answers in less. */
const KEPT_LENGTH_MAX = 64 * 1024;

const answerSchema = z.object({ status: z.number(), location: z.string().optional(), body: z.string() });

/** Repeats requests that carry a key, on all routes that are added afterwards. */
export function addIdempotency(api: Api, onboarding: Pick<Onboarding, 'keptAnswers'>): void {
  api.decorateRequest('begunAnswer', undefined);
  api.addHook('preHandler', async (request, reply) => {
    if (request.method !== 'POST' || request.routeOptions.config.readsOwnBody) return;
    // What was answered is not done again: the handler runs unless the reply is returned.
    return (await beginOnce(onboarding, request, reply, digestOf(request.body ?? null))) ? undefined : reply;
  });
  api.addHook('onSend', async (request, reply, payload) => {
    const { begunAnswer } = request;
    if (begunAnswer === undefined) return payload;
    request.begunAnswer = undefined;
    const isKept = reply.statusCode < 300 && typeof payload === 'string' && payload.length <= KEPT_LENGTH_MAX;
    const location = reply.getHeader('location') as string | undefined;
    const answer = { status: reply.statusCode, location, body: payload };
    // What was done is true whether or not its answer can be kept.
    const kept = isKept ? seal(JSON.stringify(answer), begunAnswer.secret) : undefined;
    await begunAnswer.end(kept).catch((error: Error) => {
      request.log.warn({ event: 'answer_not_kept', error: error.message }, 'an answer could not be kept');
    });
    return payload;
  });
}

/**
 * Begins a request, if it carries a key.
 * @param body digest of it
 * @returns false if it has been answered: again, or because its twin is under way or differs
 * @throws AppError REQUEST_INVALID
 */
export async function beginOnce(
  onboarding: Pick<Onboarding, 'keptAnswers'>,
  request: FastifyRequest,
  reply: FastifyReply,
  body: string,
): Promise<boolean> {
  const asked = requestOf(request);
  if (asked === undefined) return true;
  const kept = await onboarding.keptAnswers();
  const secret = secretOf(request, body);
  const beginning = await kept.begin({ request: asked, body: digestOf(['body', secret]) });
  if (beginning.is === 'begun') {
    request.begunAnswer = { ...beginning.begun, secret };
    return true;
  }
  if (beginning.is === 'answered') sendAgain(reply, unseal(beginning.answer, secret));
  else if (beginning.is === 'other')
    sendProblem(reply, 422, 'IDEMPOTENCY_KEY_REUSED', 'This key came with another body before.');
  else {
    reply.header('retry-after', Math.max(Math.ceil(beginning.waitMs / 1_000), RETRY_SECONDS_MIN));
    sendProblem(reply, 409, 'IDEMPOTENCY_RUNNING', 'The same request is under way.');
  }
  return false;
}

function sendAgain(reply: FastifyReply, text: string): void {
  const { status, location, body } = answerSchema.parse(JSON.parse(text));
  if (location !== undefined) reply.header('location', location);
  reply
    .code(status)
    .header('idempotent-replayed', 'true')
    .type('application/json; charset=utf-8')
    .serializer((sent: string) => sent)
    .send(body);
}

/** What a request brought is found by this in a ledger; undefined without a key. */
export function requestKeyOf(request: FastifyRequest, body: string): string | undefined {
  const asked = requestOf(request);
  return asked && digestOf([asked, body]);
}

/** Who asks for what, under which key: nobody finds the requests of somebody else. */
function requestOf(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key !== 'string' || !KEY.test(key))
    throw new AppError('REQUEST_INVALID', 'Idempotency-Key must be 1 to 200 printable ASCII characters.');
  return digestOf([ownerOf(request), request.url, key]);
}

/** Known to whoever asks, and not to Redis. */
function secretOf(request: FastifyRequest, body: string): string {
  return digestOf(['secret', request.headers['idempotency-key'], body]);
}

export function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url');
}
