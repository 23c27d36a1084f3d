/**
 * The closed list of everything that can go wrong, and the one error type that carries it.
 *
 * `ErrorClass` says what happens to a job; a code says what happened. Our own codes are upper case and
 * stable: they appear in result files, HTTP problems and logs. A peer's code is kept beside ours, verbatim.
 */

/** What a failure means for the job that met it (the table in `queue/settle.ts` acts on it). */
export const ERROR_CLASSES = [
  'throttled',
  'transient',
  'ambiguous',
  'reauthorize',
  'customer',
  'account',
  'unknown',
  'usage',
] as const;
export type ErrorClass = (typeof ERROR_CLASSES)[number];

/** Our own codes: class and what to do next, in a sentence for the person who reads it. */
export const ERROR_CODES = {
  // Calls to the peer.
  PEER_REFUSED: ['unknown', 'The peer refused the request; see its code and message.'],
  PEER_THROTTLED: ['throttled', 'Nothing to do: the queue waits and sends again.'],
  PEER_UNAVAILABLE: ['transient', 'The peer had a problem of its own. Run `onboard retry` later.'],
  PEER_UNREACHABLE: ['transient', 'Check the network and CHATAPP_ENDPOINT, then run `onboard retry`.'],
  PEER_TIMEOUT: ['transient', 'The peer did not answer in time. Raise CHATAPP_TIMEOUT_MS if this stays.'],
  PEER_UNPARSEABLE: ['transient', 'The answer was not JSON: look for a proxy between you and the peer.'],
  AUTHORIZATION_INVALID: ['unknown', 'The peer sent an upload authorization that cannot be used.'],
  ENDPOINT_REFUSED: ['unknown', 'Credentials are sent only to hosts in OSS_ENDPOINT_ALLOW.'],
  UPLOAD_CORRUPTED: ['transient', 'The stored file differs from the one sent; it is sent again.'],
  SUBMIT_OUTCOME_UNKNOWN: [
    'ambiguous',
    'Ask Alibaba whether the terms arrived, then run `onboard settle BATCH --row N --as submitted|failed`.',
  ],
  CREDENTIALS_UNAVAILABLE: ['account', 'No credentials could be read; check the source of this account.'],
  DEADLINE_EXCEEDED: ['transient', 'The row waited longer than ONBOARD_DEADLINE_HOURS. Run `onboard retry`.'],
  WORKER_LOST: ['unknown', 'Workers died again and again on this row. Look at their logs, then retry it.'],
  // Agreements.
  STORE_UNREACHABLE: [
    'transient',
    'Correct AGREEMENT_STORE, or the rights to that folder or bucket (oss:PutObject, oss:GetObject).',
  ],
  AGREEMENT_LOST: ['customer', 'The agreement left the store or changed there. Import this row again.'],
  AGREEMENT_MISSING: ['customer', 'Put the file into the agreements folder, or mend the name in the file.'],
  AGREEMENT_OUTSIDE: [
    'customer',
    'Name a file inside the agreements folder: no "..", no link that leads out.',
  ],
  AGREEMENT_NOT_PDF: ['customer', 'Save the signed agreement as PDF.'],
  AGREEMENT_TOO_LARGE: ['customer', 'Compress the agreement: Chat App takes 2 MB at most.'],
  AGREEMENT_EMPTY: ['customer', 'The file is empty; export it again.'],
  // One row of an input.
  REQUIRED: ['customer', 'Fill in this field.'],
  TOO_LONG: ['customer', 'Shorten this field.'],
  CONTROL_CHARACTER: ['customer', 'Remove the invisible character from this field.'],
  ID_INVALID: ['customer', 'Letters, digits, "-" and "_" only, 64 at most.'],
  EMAIL_INVALID: ['customer', 'Give one e-mail address, like name@example.com.'],
  COUNTRY_UNKNOWN: ['customer', 'Use the two-letter ISO 3166-1 code, like CN, SG or DE.'],
  REQUEST_TOO_LARGE: ['customer', 'Shorten the texts: together they exceed what one request can carry.'],
  DUPLICATE_CUSTOMER: ['customer', 'Keep one row for each CustSpaceId.'],
  COLUMN_COUNT: ['customer', 'Check the quotes and separators of this row.'],
  CUSTOMER_BUSY: ['customer', 'The customer is pending in another batch with other data; wait for that one.'],
  // A whole input.
  INPUT_UNREADABLE: ['usage', 'Check that the file exists and is a CSV file.'],
  INPUT_ENCODING: ['usage', 'Save the file as UTF-8, or give its encoding: --encoding gb18030.'],
  INPUT_HEADER: ['usage', 'The first line must name the columns; see examples/customers.csv.'],
  INPUT_EMPTY: ['usage', 'The file has no rows.'],
  INPUT_JSON: ['usage', 'One JSON object a line, with texts as values.'],
  INPUT_XLSX: ['usage', 'Save the first sheet as CSV in UTF-8 and import that.'],
  INPUT_QUOTE: ['usage', 'Close the quote in the line named.'],
  OUTPUT_UNWRITABLE: ['usage', 'Name another place, or make that one writable.'],
  INPUT_INVALID: ['usage', 'Correct the rows named and import again; nothing was enqueued.'],
  // The tool itself.
  CONFIG_INVALID: ['usage', 'Correct the variables named; .env.example lists them all.'],
  USAGE: ['usage', 'See `onboard --help`.'],
  BATCH_UNKNOWN: ['usage', 'List them with `onboard batches`.'],
  ACCOUNT_UNKNOWN: [
    'usage',
    'Name an account of ONBOARD_ACCOUNTS; without that file there is only "default".',
  ],
  REDIS_UNSUITABLE: ['usage', 'Set maxmemory-policy to noeviction and appendonly to yes.'],
  REDIS_UNREACHABLE: ['usage', 'Start Redis, or correct REDIS_URL.'],
  BATCH_STATE: ['usage', 'See where it stands with `onboard status BATCH`.'],
  ROW_STATE: ['usage', 'See the rows with `onboard results BATCH -o DIR`.'],
  TRANSITION_REFUSED: ['unknown', 'Another process moved this row; nothing is lost.'],
  PACE_CONTENDED: ['unknown', 'Too many processes changed the pace at once; nothing is lost.'],
} as const satisfies Record<string, readonly [ErrorClass, string]>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** Longest text of a peer that is ever stored or logged, in characters. */
const PEER_TEXT_LENGTH_MAX = 500;

export interface AppErrorOptions {
  /** Overrides the class of the code, where a peer's code decides it. */
  class?: ErrorClass;
  /** The peer's own code, verbatim (bounded). */
  peerCode?: string;
  /** What to do next, where the peer's code has a better answer than ours. */
  hint?: string;
  /** Identifies the call at the peer. */
  requestId?: string;
  httpStatus?: number;
  /** How long the peer asked us to wait, in milliseconds. */
  retryAfterMs?: number;
  /** Structured facts that are safe to log: never personal data, never secrets. */
  details?: Record<string, unknown>;
  cause?: unknown;
}

/** The only error this project throws on purpose. Its message is safe to print, log and store. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly class: ErrorClass;
  readonly hint: string;
  readonly peerCode: string | undefined;
  readonly requestId: string | undefined;
  readonly httpStatus: number | undefined;
  readonly retryAfterMs: number | undefined;
  readonly details: Record<string, unknown>;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(
      message.slice(0, PEER_TEXT_LENGTH_MAX),
      options.cause === undefined ? {} : { cause: options.cause },
    );
    this.name = 'AppError';
    this.code = code;
    this.class = options.class ?? ERROR_CODES[code][0];
    this.hint = options.hint ?? ERROR_CODES[code][1];
    this.peerCode = options.peerCode?.slice(0, 100);
    this.requestId = options.requestId?.slice(0, 100);
    this.httpStatus = options.httpStatus;
    this.retryAfterMs = options.retryAfterMs;
    this.details = options.details ?? {};
  }

  /** The code a person sees: the peer's where there is one, ours otherwise. */
  get shownCode(): string {
    return this.peerCode ?? this.code;
  }
}

/** Whether a code is one of ours; a peer's is explained in `peer-codes.ts`. */
export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_CODES, code);
}
