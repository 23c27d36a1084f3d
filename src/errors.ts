/**
 * The closed list of everything that can go wrong, and the error type that carries it.
 *
 * `ErrorClass` says what happens to a job; a code says what happened. Our own codes are upper case and
 * stable: they appear in result files, HTTP problems and logs. A peer's code is kept beside ours, verbatim.
 */

/** What a failure means: for a job (the table in `workers/verdict.ts`), and for the exit code of a command. */
export const ERROR_CLASSES = [
  'throttled',
  'transient',
  'ambiguous',
  'reauthorize',
  'customer',
  'account',
  'unknown',
  /** The input as a whole cannot be used. */
  'input',
  'usage',
] as const;
export type ErrorClass = (typeof ERROR_CLASSES)[number];

interface ErrorCodeFacts {
  class: ErrorClass;
  /** What to do next, for the person who reads it. */
  hint: string;
}

/** Our own codes. */
export const ERROR_CODES = {
  // Calls to the peer.
  PEER_REFUSED: { class: 'unknown', hint: 'See the code and the message from Alibaba Cloud.' },
  PEER_THROTTLED: { class: 'throttled', hint: 'Nothing to do; the queue waits and then sends it again.' },
  PEER_UNAVAILABLE: {
    class: 'transient',
    hint: 'Run `onboard retry` later; Alibaba Cloud had a problem of its own.',
  },
  PEER_UNREACHABLE: {
    class: 'transient',
    hint: 'Check the network and CHATAPP_ENDPOINT, then run `onboard retry`.',
  },
  PEER_TIMEOUT: {
    class: 'transient',
    hint: 'If this keeps happening, raise CHATAPP_TIMEOUT_MS (for uploads, OSS_TIMEOUT_MS).',
  },
  PEER_UNPARSEABLE: {
    class: 'transient',
    hint: 'Look for a proxy between this machine and Alibaba Cloud; the answer was not JSON.',
  },
  AUTHORIZATION_INVALID: {
    class: 'unknown',
    hint: 'Run `onboard retry`. If it fails again, ask Alibaba Cloud support.',
  },
  ENDPOINT_REFUSED: {
    class: 'unknown',
    hint: 'If you trust this host with your agreements, add it to OSS_ENDPOINT_ALLOW.',
  },
  UPLOAD_CORRUPTED: {
    class: 'transient',
    hint: 'Run `onboard retry`. If it fails again, look for a proxy that alters uploads.',
  },
  SUBMIT_OUTCOME_UNKNOWN: {
    class: 'ambiguous',
    hint: 'Ask Alibaba Cloud whether the terms arrived, then run `onboard settle BATCH --row N --as submitted|failed`.',
  },
  CREDENTIALS_UNAVAILABLE: { class: 'account', hint: 'Check where this account gets its credentials from.' },
  DEADLINE_EXCEEDED: {
    class: 'transient',
    hint: 'Run `onboard retry`. ONBOARD_DEADLINE_HOURS sets how long a row is tried.',
  },
  WORKER_LOST: {
    class: 'unknown',
    hint: 'Check the logs for why workers died on this row, then run `onboard retry`.',
  },
  // Agreements.
  STORE_UNREACHABLE: {
    class: 'transient',
    hint: 'Check AGREEMENT_STORE and the permissions on that folder or bucket (oss:PutObject, oss:GetObject).',
  },
  AGREEMENT_LOST: {
    class: 'customer',
    hint: 'Import this row again; its agreement was removed from the store or changed there.',
  },
  AGREEMENT_MISSING: {
    class: 'customer',
    hint: 'Put the file into the agreements folder, or correct its name in this row.',
  },
  AGREEMENT_OUTSIDE: {
    class: 'customer',
    hint: 'Name a file inside the agreements folder: no "..", and no link that leads out of it.',
  },
  AGREEMENT_NOT_PDF: { class: 'customer', hint: 'Save the signed agreement as a PDF.' },
  AGREEMENT_TOO_LARGE: { class: 'customer', hint: 'Make the PDF smaller; Chat App accepts at most 2 MB.' },
  AGREEMENT_EMPTY: { class: 'customer', hint: 'Export the file again; it is empty.' },
  // One row of an input.
  REQUIRED: { class: 'customer', hint: 'Fill in this field.' },
  TOO_LONG: { class: 'customer', hint: 'Shorten this field.' },
  CONTROL_CHARACTER: { class: 'customer', hint: 'Remove the invisible character from this field.' },
  ID_INVALID: { class: 'customer', hint: 'Use only letters, digits, "-" and "_", at most 64 characters.' },
  EMAIL_INVALID: { class: 'customer', hint: 'Enter one e-mail address, such as name@example.com.' },
  COUNTRY_UNKNOWN: { class: 'customer', hint: 'Use the two-letter ISO 3166-1 code, such as CN, SG or DE.' },
  REQUEST_TOO_LARGE: {
    class: 'customer',
    hint: 'Shorten the fields; together they are too long for one request.',
  },
  DUPLICATE_CUSTOMER: { class: 'customer', hint: 'Keep one row per CustSpaceId.' },
  COLUMN_COUNT: { class: 'customer', hint: 'Check the quotes and separators in this row.' },
  CUSTOMER_BUSY: {
    class: 'customer',
    hint: 'Wait until the other batch is done with this customer, then import this row again.',
  },
  CUSTOMER_PARKED: {
    class: 'customer',
    hint: 'Decide the row that is named: `onboard settle BATCH --row N --as submitted|failed`. Then this row can be retried.',
  },
  SUPERSEDED: {
    class: 'customer',
    hint: 'Nothing to do if the newer data is right; `onboard retry BATCH --row N --even-if-superseded` sends the older data.',
  },
  NEVER_SUBMITTED: {
    class: 'unknown',
    hint: 'Run `onboard retry`. An earlier version called this row unchanged because another one was on its way with the same data; that one was never submitted.',
  },
  // A whole input.
  INPUT_UNREADABLE: { class: 'input', hint: 'Check that the file exists and that you may read it.' },
  INPUT_ENCODING: {
    class: 'input',
    hint: 'Save the file as UTF-8, or name its encoding: --encoding gb18030.',
  },
  INPUT_HEADER: {
    class: 'input',
    hint: 'Name the columns in the first line; `onboard template` prints an example.',
  },
  INPUT_EMPTY: { class: 'input', hint: 'Add at least one row below the header.' },
  INPUT_JSON: { class: 'input', hint: 'Write one JSON object per line, with text values.' },
  INPUT_XLSX: { class: 'input', hint: 'Save the first sheet as CSV in UTF-8 and import that file.' },
  INPUT_QUOTE: { class: 'input', hint: 'Correct the quotes in that line.' },
  INPUT_TOO_MANY_ROWS: { class: 'input', hint: 'Split the file and import each part as a batch of its own.' },
  INPUT_INVALID: {
    class: 'input',
    hint: 'Correct these rows and import the file again; nothing was enqueued.',
  },
  // The tool itself.
  OUTPUT_UNWRITABLE: { class: 'usage', hint: 'Choose another place, or make this one writable.' },
  CONFIG_INVALID: { class: 'usage', hint: 'Correct these variables; .env.example lists them all.' },
  USAGE: { class: 'usage', hint: 'See `onboard --help`.' },
  BATCH_UNKNOWN: { class: 'usage', hint: 'Run `onboard batches` to list them.' },
  ACCOUNT_UNKNOWN: {
    class: 'usage',
    hint: 'Use an account from ONBOARD_ACCOUNTS; without that file the only one is "default".',
  },
  REDIS_UNSUITABLE: { class: 'usage', hint: 'Set maxmemory-policy to noeviction and appendonly to yes.' },
  REDIS_NOT_DURABLE: {
    class: 'usage',
    hint: 'Set appendonly to yes and appendfsync to always in Redis, or accept the risk with ONBOARD_DURABILITY=relaxed.',
  },
  REDIS_UNREACHABLE: { class: 'usage', hint: 'Start Redis, or correct REDIS_URL.' },
  LEDGER_WENT_BACK: {
    class: 'usage',
    hint: 'A backup of Redis was put back. Run `onboard account recover NAME`: it marks every row that may have been sent since.',
  },
  INSTALLATION_CLOSED: {
    class: 'usage',
    hint: 'Create a new one; a closed installation cannot be reopened.',
  },
  BATCH_STATE: { class: 'usage', hint: 'Run `onboard status BATCH` to see where it stands.' },
  ROW_STATE: { class: 'usage', hint: 'Run `onboard results BATCH -o DIR` to see its rows.' },
  TRANSITION_REFUSED: { class: 'unknown', hint: 'Nothing to do; another process moved this row first.' },
  PACE_CONTENDED: {
    class: 'unknown',
    hint: 'Nothing to do; other processes changed the pace at the same moment.',
  },
} as const satisfies Record<string, ErrorCodeFacts>;

export type ErrorCode = keyof typeof ERROR_CODES;

export interface AppErrorOptions {
  /** Overrides the class of the code if a peer's code decides it. */
  class?: ErrorClass;
  /** The peer's own code, verbatim. */
  peerCode?: string;
  /** What to do next, if the peer's code has a better answer than ours. */
  hint?: string;
  /** Identifies the call at the peer. */
  requestId?: string;
  httpStatus?: number;
  /** How long the peer asked us to wait, in milliseconds. */
  retryAfterMs?: number;
  /** False if it is certain that not a byte of the call was sent. */
  wasSent?: boolean;
  cause?: unknown;
}

/**
 * Every failure that this project knows. The only other things thrown on purpose are orders to wait: the pacer's
 * `NotNow`, and the errors by which BullMQ postpones a job.
 * The message is safe to print, log and store; text from outside is bounded before it goes into one.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly class: ErrorClass;
  readonly hint: string;
  readonly peerCode: string | undefined;
  readonly requestId: string | undefined;
  readonly httpStatus: number | undefined;
  readonly retryAfterMs: number | undefined;
  readonly wasSent: boolean;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.class = options.class ?? ERROR_CODES[code].class;
    this.hint = options.hint ?? ERROR_CODES[code].hint;
    this.peerCode = options.peerCode;
    this.requestId = options.requestId;
    this.httpStatus = options.httpStatus;
    this.retryAfterMs = options.retryAfterMs;
    this.wasSent = options.wasSent ?? true;
  }

  /** The code a person sees: the peer's if there is one, ours otherwise. */
  get shownCode(): string {
    return this.peerCode ?? this.code;
  }
}

/** Whether a code is one of ours; a peer's is explained in the table of that peer in `alibaba/`. */
export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_CODES, code);
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
