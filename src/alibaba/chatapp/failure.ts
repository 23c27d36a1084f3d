/**
 * What the SDK rejected with, as our error. Its message holds the URL with the customer's data, so nothing of it is
 * kept but codes; what came back is read from the tap.
 */
import { AppError } from '../../errors.ts';
import { ProxyFailed } from '../agents.ts';
import { AnswerRefused } from '../bound-answer.ts';
import { classifyAnswer } from '../classify.ts';
import { CHATAPP_CODES } from './codes.ts';
import { envelopeSchema } from './envelope.ts';
import type { TappedResponse } from './response-tap.ts';

export type ChatAppOperation = 'authorize' | 'submit' | 'list';

/** Failures that happen before a byte of the request could leave: of the name, of the connection, of its TLS. */
const NOT_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);
const NOT_SENT_CALLS: readonly unknown[] = ['connect', 'getaddrinfo'];
const NOT_SENT_TLS = /^(ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/;

/** A connection that stood was closed by the other side. */
const LOST_CODES: readonly unknown[] = ['ECONNRESET', 'EPIPE'];

/** The SDK's own timeout, and that of p-timeout. */
const TIMEOUT_NAMES: readonly unknown[] = ['RequestTimeoutError', 'TimeoutError'];

type Tapped = Omit<TappedResponse, 'agent'>;

/** The fields of an SDK's error that are read. */
interface Failure {
  code?: unknown;
  name?: unknown;
  /** The system call that failed. */
  syscall?: unknown;
  data?: unknown;
}

/**
 * @param error whatever the call rejected with
 * @returns the error itself if no request was made: then the trouble is in this program or its settings
 */
export function classifyFailure(operation: ChatAppOperation, error: unknown, tapped: Tapped): unknown {
  if (!tapped.isStarted) return error;
  const failure = (error ?? {}) as Failure;
  const { httpStatus, retryAfterMs } = tapped;
  const body = envelopeSchema.safeParse(failure.data);
  if (body.success && httpStatus !== undefined) {
    const { code, message, requestId = tapped.requestId } = body.data;
    return classifyAnswer({ operation, code, message, requestId, httpStatus, retryAfterMs }, CHATAPP_CODES);
  }
  // Headers came, but no body that is one of the peer's: a proxy's page. The status decides.
  const wasCutOff = typeof failure.code === 'string' || isTimeout(failure);
  if (httpStatus !== undefined && (httpStatus !== 200 || !wasCutOff))
    return classifyAnswer(
      { operation, httpStatus, requestId: tapped.requestId, retryAfterMs, remark: whyRefused(error) },
      CHATAPP_CODES,
    );
  return classifyTransport(operation, failure, tapped);
}

/** Whether a connection that stood is gone, as one is that a peer closes because nothing comes. */
export const isConnectionLost = (error: unknown) => LOST_CODES.includes(((error ?? {}) as Failure).code);

const whyRefused = (error: unknown) => (error instanceof AnswerRefused ? error.reason : undefined);

function classifyTransport(operation: ChatAppOperation, failure: Failure, { permission }: Tapped): AppError {
  const code = typeof failure.code === 'string' ? failure.code : undefined;
  const wasSent = !isConnectFailure(failure) && permission?.hasLeft !== false;
  const isLate = isTimeout(failure);
  const why = failure instanceof ProxyFailed ? failure.reason : (code ?? 'unknown reason');
  const what = isLate ? 'no answer in time' : `connection failed (${why})`;
  return new AppError(isLate ? 'PEER_TIMEOUT' : 'PEER_UNREACHABLE', `${operation}: ${what}`, {
    class: operation === 'submit' && wasSent ? 'ambiguous' : 'transient',
    wasSent,
  });
}

function isConnectFailure({ code, syscall }: Failure): boolean {
  if (NOT_SENT_CALLS.includes(syscall)) return true;
  return typeof code === 'string' && (NOT_SENT.has(code) || NOT_SENT_TLS.test(code));
}

const isTimeout = ({ name }: Failure) => TIMEOUT_NAMES.includes(name);
