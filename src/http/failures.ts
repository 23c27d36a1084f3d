/** What an error is to whoever asked: the only place where codes become statuses. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { explainFiles } from '../draft/uploads-folder.ts';
import type { ErrorClass } from '../error-classes.ts';
import type { ErrorCode } from '../error-codes.ts';
import { AppError } from '../errors.ts';
import { whyUnwritable } from '../file-trouble.ts';
import { explainRedisError } from '../redis/explain.ts';
import { sendProblem } from './problem.ts';

const SHOWN_MAX = 100;
/** Parts of a request, as people call them. */
const PARTS: Record<string, string> = {
  body: 'body',
  querystring: 'query',
  params: 'path',
  headers: 'headers',
};

const STATUS_OF_CODE: Partial<Record<ErrorCode, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  ORIGIN_REFUSED: 403,
  BATCH_UNKNOWN: 404,
  ROW_UNKNOWN: 404,
  CUSTOMER_UNKNOWN: 404,
  ACCOUNT_UNKNOWN: 404,
  DRAFT_UNKNOWN: 404,
  ROUTE_UNKNOWN: 404,
  USAGE_UNKNOWN: 404,
  CHANNEL_UNKNOWN: 404,
  INSTANCE_UNKNOWN: 404,
  FORM_UNKNOWN: 404,
  BATCH_STATE: 409,
  ROW_STATE: 409,
  USAGE_STATE: 409,
  FORM_CLOSED: 409,
  REVIEW_REFUSED: 409,
  TRANSITION_REFUSED: 409,
  IDEMPOTENCY_RUNNING: 409,
  DOCTOR_RUNNING: 409,
  LEDGER_WENT_BACK: 409,
  LEDGER_EMPTY: 409,
  ADOPTION_NEEDED: 409,
  PEER_MISMATCH: 409,
  STORE_MISMATCH: 409,
  ACCESS_KEY_SHARED: 409,
  WORKERS_RUNNING: 409,
  BODY_TOO_LARGE: 413,
  MEDIA_TYPE_REFUSED: 415,
  HOST_REFUSED: 421,
  IDEMPOTENCY_KEY_REUSED: 422,
  REVIEW_INVALID: 422,
  TOO_MANY_REQUESTS: 429,
  CONFIG_INVALID: 500,
  SCHEMA_NEWER: 500,
  OUTPUT_UNWRITABLE: 500,
  UPLOADS_UNWRITABLE: 500,
  REDIS_UNREACHABLE: 503,
  REDIS_REFUSED: 503,
  REDIS_FULL: 503,
  REDIS_UNSUITABLE: 503,
  REDIS_NOT_DURABLE: 503,
  NOT_DURABLE_YET: 503,
  INSTALLATION_CLOSED: 503,
  SERVER_BUSY: 503,
  PACE_CONTENDED: 503,
};

const STATUS_OF_CLASS: Record<ErrorClass, number> = {
  usage: 400,
  input: 422,
  customer: 422,
  throttled: 503,
  transient: 503,
  machine: 503,
  account: 503,
  ambiguous: 500,
  reauthorize: 500,
  unknown: 500,
};

export function statusOf(error: Pick<AppError, 'code' | 'class'>): number {
  return STATUS_OF_CODE[error.code] ?? STATUS_OF_CLASS[error.class];
}

/** Says what went wrong, and of what nobody foresaw, only that it did: that is for the log. */
export function sendFailure(error: FastifyError | AppError, request: FastifyRequest, reply: FastifyReply) {
  if (hasZodFastifySchemaValidationErrors(error)) {
    const errors = error.validation.slice(0, SHOWN_MAX).map(({ instancePath, message }) => ({
      field: [PARTS[error.validationContext ?? ''], ...instancePath.split('/').slice(1)].join('.'),
      message: message ?? 'is not as it should be',
    }));
    return sendProblem(reply, 400, 'REQUEST_INVALID', 'The request is not as it should be.', { errors });
  }
  // Redis may go away in the middle of anything; where it is, is never told.
  const known =
    error instanceof AppError ? error : (explainRedisError(error, 'its address') ?? explainFiles(error));
  if (known !== undefined) {
    const status = statusOf(known);
    if (status >= 500) logFailure(request, known);
    return sendProblem(reply, status, known.code, detailOf(known, request), { hint: known.hint });
  }
  const refusal = REFUSALS[(error as FastifyError).statusCode ?? 500];
  if (refusal !== undefined) return sendProblem(reply, ...refusal);
  logFailure(request, error);
  return sendProblem(reply, 500, 'INTERNAL_ERROR', 'Something went wrong here; the log says what.');
}

/** Where Redis and folders are, and which accounts there are besides one's own, is nothing for everybody who may ask. */
function detailOf({ code, message, cause }: AppError, { user }: FastifyRequest): string {
  if (code === 'REDIS_UNREACHABLE' || code === 'REDIS_REFUSED') return 'Redis cannot be asked now.';
  if (code === 'UPLOADS_UNWRITABLE')
    return `What is uploaded cannot be written here now: ${whyUnwritable(cause)}.`;
  if (code === 'ACCOUNT_UNKNOWN' && user?.account !== undefined)
    return `There is no such account for ${user.name}.`;
  return message;
}

/** What Fastify refuses by itself, by the status that it gives. */
const REFUSALS: Record<number, [number, ErrorCode, string]> = {
  400: [400, 'REQUEST_INVALID', 'The request cannot be read: its address or its body is malformed.'],
  408: [408, 'REQUEST_INVALID', 'The request did not arrive in time.'],
  411: [400, 'REQUEST_INVALID', 'The request has a body of unknown length.'],
  413: [413, 'BODY_TOO_LARGE', 'The body of the request is too large.'],
  414: [404, 'ROUTE_UNKNOWN', 'A part of the address is too long.'],
  415: [415, 'MEDIA_TYPE_REFUSED', 'The body of the request is of a type that is not taken here.'],
};

function logFailure(request: FastifyRequest, error: Error): void {
  const { method, routeOptions } = request;
  const asked = { method, route: routeOptions.url };
  request.log.error({ event: 'request_failed', ...asked, err: error }, 'a request failed');
}
