/** The error type that carries a code of the closed list. A peer's code is kept beside ours, verbatim. */
import type { ErrorClass } from './error-classes.ts';
import { ERROR_CODES, type ErrorCode } from './error-codes.ts';
import { printable } from './printable.ts';

export interface AppErrorOptions {
  /** Overrides the class of the code if a peer's code decides it. */
  class?: ErrorClass;
  /** The peer's own code, verbatim. */
  peerCode?: string;
  /** What the peer says, which may repeat what we sent: for the ledger and for result files, never for a log. */
  peerMessage?: string;
  /** What to do next, if the peer's code has a better answer than ours. */
  hint?: string;
  /** Identifies the call at the peer. */
  requestId?: string;
  httpStatus?: number;
  /** How long the peer asked us to wait, in milliseconds. */
  retryAfterMs?: number;
  /** Of a failed call: false if it is certain that not a byte of it was sent. Any other error says nothing by it. */
  wasSent?: boolean;
  cause?: unknown;
}

/**
 * Every failure that this project knows. The only other things thrown on purpose are orders to wait: the pacer's
 * `NotNow`, and the errors by which BullMQ postpones a job.
 * The message is safe to print, log and store: what a terminal would obey is escaped here, and text from outside is
 * bounded before it goes into one.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly class: ErrorClass;
  readonly hint: string;
  readonly peerCode: string | undefined;
  readonly peerMessage: string | undefined;
  readonly requestId: string | undefined;
  readonly httpStatus: number | undefined;
  readonly retryAfterMs: number | undefined;
  readonly wasSent: boolean;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(printable(message), options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.class = options.class ?? ERROR_CODES[code].class;
    this.hint = options.hint ?? ERROR_CODES[code].hint;
    this.peerCode = options.peerCode;
    this.peerMessage = options.peerMessage;
    this.requestId = options.requestId;
    this.httpStatus = options.httpStatus;
    this.retryAfterMs = options.retryAfterMs;
    this.wasSent = options.wasSent ?? true;
  }

  /** The code a person sees: the peer's if there is one, ours otherwise. */
  get shownCode(): string {
    return this.peerCode ?? this.code;
  }

  /** With what the peer says: for the ledger and for result files. */
  get fullMessage(): string {
    return this.peerMessage === undefined ? this.message : `${this.message} ${this.peerMessage}`;
  }
}

const SILENCES: readonly ErrorCode[] = ['PEER_TIMEOUT', 'PEER_UNREACHABLE', 'PEER_UNPARSEABLE'];

/** Whether a call got no proper answer: nothing at all, something unreadable, or a 5xx status. */
export function isSilence({ code, httpStatus = 0 }: AppError): boolean {
  return SILENCES.includes(code) || (code === 'PEER_UNAVAILABLE' && httpStatus >= 500);
}

/** Whether the peer refused one customer and nothing else: such an answer proves that it accepts the account. */
export function isAboutCustomer(error: unknown): error is AppError {
  return (
    error instanceof AppError &&
    error.code === 'PEER_REFUSED' &&
    (error.class === 'customer' || error.class === 'unknown')
  );
}
