/**
 * From a peer's unsuccessful answer to our error. Pure.
 *
 * Each peer has a table of its codes in its own folder. The published lists are incomplete (OSS has hundreds of
 * codes), so rows match by pattern and the first match wins. A code without a row falls to the HTTP status, and
 * says so by its class `unknown`.
 */
import type { ErrorClass } from '../error-classes.ts';
import type { ErrorCode } from '../error-codes.ts';
import { AppError } from '../errors.ts';
import { isAltered } from './peer-text.ts';

type PeerOperation = 'authorize' | 'put' | 'submit';

/** One row of a peer's table. */
export interface PeerCode {
  pattern: RegExp;
  class: ErrorClass;
  /** What to do next, for the person who reads it. */
  hint: string;
  /** The text that comes with this code repeats our request, so it is never kept. */
  echoesRequest?: true;
}

/** What came back from a peer, reduced to what is safe and useful; its texts are bounded by `peer-text.ts`. */
export interface PeerAnswer {
  operation: PeerOperation;
  httpStatus?: number | undefined;
  /** The peer's code; absent when the answer could not be read. */
  code?: string | undefined;
  message?: string | undefined;
  /** What we have to say of the answer. */
  remark?: string | undefined;
  requestId?: string | undefined;
  retryAfterMs?: number | undefined;
}

/**
 * Turns an unsuccessful answer into our error.
 * A submit that may have been carried out is `ambiguous` wherever another operation would be `transient`.
 * @param codes the table of the peer that answered
 */
export function classifyAnswer(answer: PeerAnswer, codes: readonly PeerCode[]): AppError {
  const { operation, code, requestId, httpStatus, retryAfterMs } = answer;
  const match = code === undefined ? undefined : codes.find(({ pattern }) => pattern.test(code));
  const errorClass = match?.class ?? classOfStatus(answer);
  return new AppError(codeOf(errorClass, answer), textOf(answer, match), {
    class: errorClass === 'transient' && operation === 'submit' ? 'ambiguous' : errorClass,
    peerCode: code,
    peerMessage: match?.echoesRequest ? undefined : answer.message && withoutQueries(answer.message),
    hint: match?.hint,
    requestId,
    httpStatus,
    retryAfterMs,
  });
}

function classOfStatus({ operation, httpStatus, code }: PeerAnswer): ErrorClass {
  const status = httpStatus ?? 0;
  // A bare 302 is the gateway's answer to a flood.
  if (status === 429 || (status >= 300 && status < 400 && operation !== 'put')) return 'throttled';
  if (status >= 500) return 'transient';
  // Without a code the body was not the peer's: a proxy or a broken connection, so try again.
  return code === undefined ? 'transient' : 'unknown';
}

function codeOf(errorClass: ErrorClass, answer: PeerAnswer): ErrorCode {
  if (errorClass === 'throttled') return 'PEER_THROTTLED';
  if (errorClass !== 'transient') return 'PEER_REFUSED';
  return answer.code === undefined && (answer.httpStatus ?? 0) < 500
    ? 'PEER_UNPARSEABLE'
    : 'PEER_UNAVAILABLE';
}

/** Without the peer's own message, which may repeat what we sent about a customer. */
function textOf(answer: PeerAnswer, match: PeerCode | undefined): string {
  const { operation, httpStatus = 'none', code, requestId } = answer;
  const notes = [
    answer.remark,
    match?.echoesRequest && "the peer's message repeats our request, so it is not kept",
    (isAltered(code) || isAltered(requestId)) && 'each ? is a character that no code or RequestId has',
  ];
  const remarks = notes.filter(Boolean).map((note) => `(${note})`);
  return [`${operation}: HTTP ${httpStatus}`, code, ...remarks].filter(Boolean).join(' ');
}

/** Drops the query of every URL in a text: that is where the customer's data travels. */
export function withoutQueries(text: string): string {
  return text.replace(/\?[^\s"'<>]*/g, '');
}
