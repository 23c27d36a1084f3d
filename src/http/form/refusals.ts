/** What an error is to a buyer, who is a stranger: where anything of ours is, and why it fails, is for the log. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { ErrorCode } from '../../error-codes.ts';
import { AppError } from '../../errors.ts';
import { sendFailure, statusOf } from '../failures.ts';
import { sendProblem } from '../problem.ts';
import { dropRest } from '../rest-of-body.ts';

/** They say nothing of the seller's installation. */
const OPEN: readonly ErrorCode[] = [
  ...(['FORM_UNKNOWN', 'FORM_CLOSED', 'ORIGIN_REFUSED', 'REQUEST_INVALID', 'AGREEMENT_OUTSIDE'] as const),
  ...(['BODY_TOO_LARGE', 'TOO_MANY_REQUESTS', 'SERVER_BUSY'] as const),
];

export async function sendFormFailure(
  error: FastifyError | AppError,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  // Of a stranger, nothing is waited for.
  if (request.formAsked !== undefined) await dropRest(request, reply);
  const { statusCode = 500 } = error as FastifyError;
  if (!(error instanceof AppError) && statusCode < 500) return sendFailure(error, request, reply);
  if (error instanceof AppError && OPEN.includes(error.code))
    return sendProblem(reply, statusOf(error), error.code, error.message);
  const { method, routeOptions } = request;
  const facts = { event: 'form_failed', method, route: routeOptions.url, err: error };
  request.log.error(facts, 'a form could not be shown or taken');
  return sendProblem(reply, 503, 'SERVER_BUSY', 'This cannot be done now. Nothing was lost; try again soon.');
}
