/**
 * The closed list of everything that can go wrong. `ErrorClass` says what happens to a job; a code says what happened. Our
 * own codes are upper case and stable: they appear in result files, HTTP problems and logs.
 */
import type { ErrorCodeFacts } from './error-classes.ts';
import { HTTP_ERROR_CODES } from './http-error-codes.ts';
import { MARKETPLACE_ERROR_CODES } from './marketplace-error-codes.ts';

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
    hint: 'Check the network, its proxy (HTTPS_PROXY) and CHATAPP_ENDPOINT, then run `onboard retry`.',
  },
  PEER_TIMEOUT: {
    class: 'transient',
    hint: 'If this keeps happening, raise CHATAPP_TIMEOUT_MS (for uploads, OSS_TIMEOUT_MS).',
  },
  PEER_UNPARSEABLE: {
    class: 'transient',
    hint: 'Look for a proxy between this machine and Alibaba Cloud; the answer was not JSON, or had no end.',
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
  SETTLED_AS_FAILED: {
    class: 'unknown',
    hint: 'Run `onboard retry` to send it again: whoever settled it found that its terms had not arrived.',
  },
  CREDENTIALS_UNAVAILABLE: {
    class: 'machine',
    hint: 'Check on this machine where the account gets its credentials from.',
  },
  CLOCK_OFF: { class: 'machine', hint: 'Set the clock of this machine, best by NTP.' },
  PEER_IS_SIMULATOR: {
    class: 'account',
    hint: 'Correct CHATAPP_ENDPOINT, or declare a rehearsal: CHATAPP_PEER=rehearsal.',
  },
  DEADLINE_EXCEEDED: {
    class: 'transient',
    hint: 'Run `onboard retry`. ONBOARD_DEADLINE_HOURS sets how long a row is tried.',
  },
  WORKER_LOST: {
    class: 'unknown',
    hint: 'Check the logs for why workers died on this row, then run `onboard retry`.',
  },
  ROW_LOST: {
    class: 'unknown',
    hint: 'Import this customer again: what the file said about it is no longer in Redis.',
  },
  ROW_UNREADABLE: {
    class: 'unknown',
    hint: 'The other rows go on. Put back a backup of Redis, and run `onboard account recover NAME`.',
  },
  // Agreements.
  STORE_UNREACHABLE: {
    class: 'transient',
    hint: 'Check AGREEMENT_STORE and the permissions on that folder or bucket (oss:PutObject, oss:GetObject).',
  },
  STORE_MISMATCH: {
    class: 'usage',
    hint: 'Point AGREEMENT_STORE to the store that the account uses. To move it, copy all of it, its file `store-id` included, before you change AGREEMENT_STORE.',
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
  AGREEMENT_AMBIGUOUS: {
    class: 'customer',
    hint: 'Write the name exactly as the file has it, or rename the others.',
  },
  AGREEMENT_TRUNCATED: {
    class: 'customer',
    hint: 'Open the file; if its pages are not all there, export or download it again.',
  },
  AGREEMENT_ENCRYPTED: { class: 'customer', hint: 'Save the PDF without a password or restrictions.' },
  AGREEMENT_EMPTY: { class: 'customer', hint: 'Export the file again; it is empty.' },
  // One row of an input.
  REQUIRED: { class: 'customer', hint: 'Fill in this field.' },
  TOO_LONG: { class: 'customer', hint: 'Shorten this field.' },
  CONTROL_CHARACTER: { class: 'customer', hint: 'Remove the invisible character from this field.' },
  CHARACTER_LOST: {
    class: 'customer',
    hint: 'Write this character again; it was lost when the text was saved in another encoding.',
  },
  TEXT_NORMALISED: {
    class: 'customer',
    hint: 'Nothing to do if that is what was meant.',
  },
  ID_INVALID: { class: 'customer', hint: 'Use only letters, digits, "-" and "_", at most 64 characters.' },
  EMAIL_INVALID: { class: 'customer', hint: 'Enter one e-mail address, such as name@example.com.' },
  EMAIL_DOUBTFUL: { class: 'customer', hint: 'Check the address; nothing to do if it is right.' },
  COUNTRY_UNKNOWN: { class: 'customer', hint: 'Use the two-letter ISO 3166-1 code, such as CN, SG or DE.' },
  REQUEST_TOO_LARGE: {
    class: 'customer',
    hint: 'Shorten the fields; together they are too long for one request.',
  },
  DUPLICATE_CUSTOMER: { class: 'customer', hint: 'Keep one row per CustSpaceId.' },
  COLUMN_COUNT: { class: 'customer', hint: 'Check the quotes and separators in this row.' },
  CELL_NOT_TEXT: {
    class: 'customer',
    hint: 'Format the column as text in the spreadsheet, and type the value again as it should be.',
  },
  CUSTOMER_BUSY: {
    class: 'customer',
    hint: 'Wait until the other batch is done with this customer, then import this row again.',
  },
  CUSTOMER_PARKED: {
    class: 'customer',
    hint: 'Decide the row that is named: `onboard settle BATCH --row N --as submitted|failed`. Once it is decided, this row can be retried.',
  },
  CUSTOMER_UNPARKED: { class: 'customer', hint: 'Run `onboard retry` to send it.' },
  SUPERSEDED: {
    class: 'customer',
    hint: 'Nothing to do if the newer data is right; `onboard retry BATCH --row N --even-if-superseded` sends the older data.',
  },
  NEVER_SUBMITTED: {
    class: 'unknown',
    hint: 'Run `onboard retry`. An earlier version called this row unchanged because another one was on its way with the same data; that one was never submitted.',
  },
  REVIEW_INVALID: {
    class: 'customer',
    hint: 'Say approved or rejected, a day (2026-01-31) and the evidence.',
  },
  REVIEW_REFUSED: { class: 'customer', hint: 'Look at what was submitted: `onboard customer ID`.' },
  // A whole input.
  INPUT_UNREADABLE: { class: 'input', hint: 'Check that the file exists and that you may read it.' },
  INPUT_ENCODING: {
    class: 'input',
    hint: 'Save the file as UTF-8, or name its encoding with --encoding.',
  },
  INPUT_HEADER: {
    class: 'input',
    hint: 'Rename the columns, or say which is which: --map CustName="Their name". `onboard template` prints an example.',
  },
  INPUT_EMPTY: { class: 'input', hint: 'Add at least one row below the header.' },
  INPUT_JSON: { class: 'input', hint: 'Write one JSON object per line, with text values.' },
  INPUT_XLSX: { class: 'input', hint: 'Save the sheet as CSV UTF-8 and import that file.' },
  INPUT_FORMAT: { class: 'input', hint: 'Save the table as .xlsx or CSV UTF-8 and import that file.' },
  INPUT_QUOTE: { class: 'input', hint: 'Correct the quotes in that line.' },
  INPUT_TOO_LONG: {
    class: 'input',
    hint: 'Check that this file is a table of customers, one on each line, and look at its separators.',
  },
  INPUT_TOO_MANY_ROWS: { class: 'input', hint: 'Split the file and import each part as a batch of its own.' },
  INPUT_INVALID: {
    class: 'input',
    hint: 'Correct these rows and import the file again; nothing was enqueued.',
  },
  ...HTTP_ERROR_CODES,
  ...MARKETPLACE_ERROR_CODES,
  // The tool itself.
  OUTPUT_UNWRITABLE: { class: 'usage', hint: 'Choose another place, or make this one writable.' },
  OUTPUT_EXISTS: { class: 'usage', hint: 'Name another place, or add --force to replace it.' },
  OUTPUT_IS_INPUT: { class: 'usage', hint: 'Name another file; an input is never replaced.' },
  CONFIG_INVALID: { class: 'usage', hint: 'Correct these variables; .env.example lists them all.' },
  USAGE: { class: 'usage', hint: 'See `onboard --help`.' },
  BATCH_UNKNOWN: { class: 'usage', hint: 'Run `onboard batches` to list them.' },
  CUSTOMER_UNKNOWN: { class: 'usage', hint: 'Check the id (CustSpaceId) and --account.' },
  ACCOUNT_UNKNOWN: {
    class: 'usage',
    hint: 'Use an account from ONBOARD_ACCOUNTS; without that file the only one is "default".',
  },
  PEER_MISMATCH: {
    class: 'usage',
    hint: 'Correct CHATAPP_ENDPOINT, or adopt the new peer: `onboard account adopt NAME`.',
  },
  ADOPTION_NEEDED: { class: 'usage', hint: 'Run `onboard account adopt NAME --as real|rehearsal`.' },
  SCHEMA_NEWER: { class: 'usage', hint: 'Use the version of isv-onboarding that wrote it, or a newer one.' },
  WORKERS_RUNNING: { class: 'usage', hint: 'Stop them first.' },
  ACCESS_KEY_SHARED: {
    class: 'usage',
    hint: 'Use one name per Alibaba Cloud account. If the other is gone: `onboard account release-key OTHER`.',
  },
  REDIS_UNSUITABLE: { class: 'usage', hint: 'Set maxmemory-policy to noeviction and appendonly to yes.' },
  REDIS_NOT_DURABLE: {
    class: 'usage',
    hint: 'Set appendonly to yes and appendfsync to always in Redis (everysec from Redis 7.2 on, or Valkey), or accept the risk with ONBOARD_DURABILITY=relaxed.',
  },
  NOT_DURABLE_YET: {
    class: 'unknown',
    hint: 'Check the disk and the replicas of Redis (`onboard doctor`), see with `onboard status` whether it was done, and repeat it if not.',
  },
  REDIS_REFUSED: { class: 'usage', hint: 'Correct REDIS_URL, or the settings of Redis.' },
  REDIS_FULL: {
    class: 'usage',
    hint: 'Raise maxmemory of Redis, or delete finished batches (`onboard purge BATCH`); what was confirmed is kept.',
  },
  REDIS_UNREACHABLE: { class: 'usage', hint: 'Start Redis, or correct REDIS_URL.' },
  LEDGER_WENT_BACK: {
    class: 'usage',
    hint: 'A backup of Redis was put back. Run `onboard account recover NAME`: it marks every row that may have been sent since.',
  },
  LEDGER_EMPTY: {
    class: 'usage',
    hint: 'If Redis was lost, put its backup back first; without one, customers who were submitted are sent again: flagged if their rows are imported by now, unflagged if later. If another installation has this account name in the same agreement store, nothing is lost. To go on in either case, for good: `onboard account recover NAME`.',
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

/** The closed list of what can go wrong. */
export type ErrorCode = keyof typeof ERROR_CODES;

/** Whether a code is one of ours; a peer's is explained in the table of that peer in `alibaba/`. */
export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(ERROR_CODES, code);
