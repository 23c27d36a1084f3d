/** What an error of Redis or of the way to it means, in one line for people: where, why, and what to do. Pure. */
import type { ErrorCode } from '../error-codes.ts';
import { AppError } from '../errors.ts';

interface Meaning {
  pattern: RegExp;
  code: ErrorCode;
  why: string;
  hint?: string;
  /** It does answer, though it is of no use now. */
  answers?: true;
  /** Waiting does not help. */
  isFinal?: true;
}

const LOGIN = 'Correct user and password in REDIS_URL; characters such as / and @ must be percent-encoded.';
const RIGHTS = 'Give this user the rights that `onboard doctor` names, or use another in REDIS_URL.';
const CERTIFICATE =
  'If a certificate of your own authority is right, name that authority: REDIS_CA. Use the host name that the certificate is issued for.';
const NO_TLS = 'Write redis:// instead of rediss:// if it is right that this Redis has no TLS.';
const TLS_WANTED = 'Write rediss:// instead of redis:// if this Redis wants TLS, and check the port.';

/** The first that matches counts. What is matched begins with the error's own code, if it has one. */
const MEANINGS: readonly Meaning[] = [
  {
    pattern: /WRONGPASS|invalid password|invalid username-password/,
    code: 'REDIS_REFUSED',
    why: 'wrong user or password',
    hint: LOGIN,
    isFinal: true,
  },
  { pattern: /NOAUTH/, code: 'REDIS_REFUSED', why: 'it wants a password', hint: LOGIN, isFinal: true },
  { pattern: /NOPERM/, code: 'REDIS_REFUSED', why: 'this user may not do it', hint: RIGHTS, isFinal: true },
  {
    pattern: /DB index is out of range|invalid DB index|SELECT is not allowed/i,
    code: 'REDIS_REFUSED',
    why: 'it has no database of this number',
    hint: 'Correct the number at the end of REDIS_URL, or raise `databases` of Redis; a cluster has only 0.',
    isFinal: true,
  },
  {
    pattern: /OOM command not allowed/,
    code: 'REDIS_FULL',
    why: 'its memory is full, and it accepts nothing more',
  },
  {
    pattern: /MISCONF/,
    code: 'REDIS_REFUSED',
    why: 'it cannot write to its disk, and accepts nothing more',
    hint: 'Look into the log of Redis, and free or repair its disk.',
  },
  {
    pattern: /NOREPLICAS/,
    code: 'REDIS_REFUSED',
    why: 'it has too few replicas to accept anything',
    hint: 'Bring its replicas back, or lower min-replicas-to-write.',
  },
  { pattern: /CLUSTERDOWN/, code: 'REDIS_UNREACHABLE', why: 'the cluster is down', answers: true },
  {
    pattern: /MASTERDOWN|READONLY/,
    code: 'REDIS_UNREACHABLE',
    why: 'it is a replica, and accepts nothing',
    hint: 'Name its master in REDIS_URL, or Sentinels or a cluster that know the master.',
    answers: true,
  },
  { pattern: /LOADING/, code: 'REDIS_UNREACHABLE', why: 'it is still loading its data', answers: true },
  {
    pattern: /unknown command .?sentinel/i,
    code: 'REDIS_REFUSED',
    why: 'it is no Sentinel',
    hint: 'Write redis://host:6379/0 if this is Redis itself, or correct the address of the Sentinels.',
    isFinal: true,
  },
  {
    pattern: /unknown command/i,
    code: 'REDIS_REFUSED',
    why: 'it has a command closed that is needed',
    hint: 'Open the commands that `onboard doctor` names for the user of REDIS_URL.',
    isFinal: true,
  },
  {
    pattern:
      /wrong version number|WRONG_VERSION_NUMBER|packet length too long|EPROTO|disconnected before secure TLS/,
    code: 'REDIS_UNREACHABLE',
    why: 'it does not speak TLS',
    hint: NO_TLS,
    isFinal: true,
  },
  {
    pattern: /CERTIFICATE_REQUIRED|certificate required|handshake failure|HANDSHAKE_FAILURE/,
    code: 'REDIS_REFUSED',
    why: 'it wants a certificate of ours',
    hint: 'Set REDIS_CERT and REDIS_KEY.',
    isFinal: true,
  },
  {
    pattern: /UNKNOWN_CA|unknown ca|BAD_CERTIFICATE|bad certificate/,
    code: 'REDIS_REFUSED',
    why: 'it does not accept our certificate',
    hint: 'Correct REDIS_CERT and REDIS_KEY.',
    isFinal: true,
  },
  {
    pattern: /ALTNAME_INVALID/,
    code: 'REDIS_REFUSED',
    why: 'its certificate is issued for another name',
    hint: CERTIFICATE,
    isFinal: true,
  },
  {
    pattern: /CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|self-signed|unable to (get|verify)/,
    code: 'REDIS_REFUSED',
    why: 'its certificate is not trusted',
    hint: CERTIFICATE,
    isFinal: true,
  },
  {
    pattern: /Protocol error|Unknown RESP type/,
    code: 'REDIS_UNREACHABLE',
    why: 'what answers there is no Redis, or wants TLS',
    hint: TLS_WANTED,
    isFinal: true,
  },
  {
    pattern: /^NO_TLS/,
    code: 'REDIS_UNREACHABLE',
    why: 'no TLS in time, so it has none or is silent',
    hint: NO_TLS,
  },
  {
    pattern: /ECONNRESET|Connection is closed|^CLOSED/,
    code: 'REDIS_UNREACHABLE',
    why: 'it closes the connection',
    hint: TLS_WANTED,
  },
  { pattern: /timed? ?out|timeout|ETIMEDOUT/i, code: 'REDIS_UNREACHABLE', why: 'no answer in time' },
  {
    pattern:
      /\b(ECONN[A-Z]+|ENOTFOUND|EAI_[A-Z]+|EHOST[A-Z]+|ENET[A-Z]+|EADDR[A-Z]+|ENOENT|EACCES|EPERM|EPIPE)\b|max retries per request|Failed to refresh slots|sentinels are unreachable/,
    code: 'REDIS_UNREACHABLE',
    why: 'no connection',
  },
];

/** What ends a connection without an error of its own, so that it can be explained. */
export const CLOSED = new Error('CLOSED');
/** A Redis without TLS waits for the rest of a line that never comes. */
export const TLS_UNANSWERED = new Error('NO_TLS');

interface Failure {
  name?: unknown;
  code?: unknown;
  message?: unknown;
  /** Of a cluster none of whose nodes answered. */
  lastNodeError?: unknown;
  /** Of a transaction that was given up. */
  previousErrors?: unknown[];
}

/** How the client names what it throws, besides plain errors with a text of its own. */
const NAMES: readonly unknown[] = ['ReplyError', 'MaxRetriesPerRequestError', 'ClusterAllFailedError'];
const TEXTS = /^(Connection is closed|Socket timeout|Command timed out)/;

/**
 * What a command ended with.
 * @param address for people
 * @returns undefined if the error is not of Redis
 */
export function explainRedisError(error: unknown, address: string): AppError | undefined {
  const { name, message } = (error ?? {}) as Failure;
  return NAMES.includes(name) || TEXTS.test(String(message)) ? explainContact(error, address) : undefined;
}

/**
 * What a connection to Redis ended with, or a command on it.
 * @param address for people
 * @returns undefined if it means nothing that is known
 */
export function explainContact(error: unknown, address: string): AppError | undefined {
  const text = textOf(error);
  const { code, why, hint, answers } = meaningOf(text) ?? {};
  if (code === undefined) return undefined;
  const systemCode = /\b(E[A-Z]{4,}|[A-Z]+_[A-Z]+_[A-Z_]+)\b/.exec(text)?.[0];
  const detail = systemCode === undefined || systemCode === 'EXECABORT' ? '' : ` (${systemCode})`;
  const message =
    code === 'REDIS_UNREACHABLE' && !answers
      ? `Redis does not answer at ${address}: ${why}${detail}.`
      : `Redis at ${address} refuses: ${why}${detail}.`;
  return new AppError(code, message, { cause: error, ...(hint === undefined ? {} : { hint }) });
}

/** Whether it is no use to wait until the error goes away. */
export function isFinal(error: unknown): boolean {
  return meaningOf(textOf(error))?.isFinal === true;
}

const meaningOf = (text: string) => MEANINGS.find(({ pattern }) => pattern.test(text));

function textOf(error: unknown): string {
  const { code, message, lastNodeError, previousErrors = [] } = (error ?? {}) as Failure;
  const own = [code, message].filter((part) => typeof part === 'string');
  const causes = lastNodeError === undefined ? previousErrors : [lastNodeError];
  return [...causes.map(textOf), ...own].join(' ');
}
