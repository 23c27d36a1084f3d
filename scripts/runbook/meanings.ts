/** What the runbook says of each code that is one of ours: what has happened. What to do is the hint of the code itself. */
import type { ErrorClass } from '../../src/error-classes.ts';
import type { ErrorCode } from '../../src/error-codes.ts';
import { HTTP_MEANINGS } from './http-meanings.ts';

/** What is true of rows and of the account when an error of a class is met. */
export const TRUE_OF_CLASS: Readonly<Record<ErrorClass, string>> = {
  throttled:
    'Nothing was accepted. The row is where it was, and is sent again as soon as it may be; no try is counted.',
  transient:
    'It may pass. A row is tried again by itself, and fails with this code only when its tries are used up; then the schedule takes it up again, five times at most.',
  ambiguous:
    'A submit left, and nobody has read its answer: it may have arrived. The row says so for good (`onboard_ambiguous`). With `CHATAPP_SUBMIT_AMBIGUOUS=retry` it is sent again, at most twice; with `park` it waits for a person.',
  reauthorize: 'The permission to upload has run out. A new one is asked for by itself.',
  customer:
    'This row alone is affected: it is not sent, and all others go on. It is not tried again by itself.',
  account:
    'Alibaba Cloud refuses the account. No row fails: nothing is sent, except for one probe every five minutes.',
  machine:
    'Something is wrong on one machine. No row fails: that process takes no jobs and tests by itself when it can go on; others do the work.',
  unknown:
    'What it means for a row is not known, so that row fails, and is not tried again by itself. All others go on.',
  input: 'Nothing was enqueued and nothing was sent (exit code 3).',
  usage: 'The command or request was refused, and has changed nothing (exit code 2).',
};

export const MEANINGS: Readonly<Record<ErrorCode, string>> = {
  PEER_REFUSED:
    'Alibaba Cloud refused a call; its own code, which is shown instead where there is one, says why.',
  PEER_THROTTLED: 'Alibaba Cloud refused a call because there were too many.',
  PEER_UNAVAILABLE: 'Alibaba Cloud answered that it has a problem (HTTP 5xx).',
  PEER_UNREACHABLE: 'No connection came about, so nothing was sent.',
  PEER_TIMEOUT: 'A call was sent, and no answer came in time, or the connection broke.',
  PEER_UNPARSEABLE: 'The answer was not one of Alibaba Cloud: not JSON, or without an end.',
  AUTHORIZATION_INVALID: 'The permission to upload, as Chat App gave it, could not be used.',
  ENDPOINT_REFUSED: 'Chat App named a host for the upload that is not one of OSS. Nothing was sent there.',
  UPLOAD_CORRUPTED: 'OSS has other bytes than were sent.',
  SUBMIT_OUTCOME_UNKNOWN:
    'The terms were sent, the answer was lost, and the row is parked: it is not sent again before somebody decides.',
  CREDENTIALS_UNAVAILABLE: 'The access key could not be read on this machine.',
  CLOCK_OFF: 'The clock of this machine is too far off for signatures.',
  PEER_IS_SIMULATOR: 'A simulator answered an account that registers for real. Nothing counts as submitted.',
  DEADLINE_EXCEEDED:
    'The row was tried for as long as it may be; time in which nothing could be sent does not count.',
  WORKER_LOST: 'Several workers died while they had this row.',
  ROW_LOST: 'The row is known, but what the file said about it is gone from Redis.',
  ROW_UNREADABLE: 'What Redis holds of this row is damaged.',
  STORE_UNREACHABLE: 'The agreement store could not be read or written.',
  STORE_MISMATCH: 'The agreement store is another one than the account uses.',
  AGREEMENT_LOST: 'The agreement of this row is not in the store any more, or was changed there.',
  AGREEMENT_MISSING: 'The file that the row names is not in the agreements folder.',
  AGREEMENT_OUTSIDE: 'The row names a file outside of the agreements folder.',
  AGREEMENT_NOT_PDF: 'The file is not a PDF.',
  AGREEMENT_TOO_LARGE: 'The PDF is larger than Chat App takes.',
  AGREEMENT_AMBIGUOUS: 'Several files differ from the name only in case or form.',
  AGREEMENT_TRUNCATED: 'The PDF seems to lack its end: a warning, or with `--strict-pdf` an error.',
  AGREEMENT_ENCRYPTED: 'The PDF is protected: a warning, or with `--strict-pdf` an error.',
  AGREEMENT_EMPTY: 'The file has no content.',
  REQUIRED: 'A field that must be there is empty.',
  TOO_LONG: 'A field is longer than it may be.',
  CONTROL_CHARACTER: 'A field has a character that nobody sees.',
  CHARACTER_LOST: 'A field has the sign that stands for a lost character.',
  TEXT_NORMALISED:
    'A note: a field is written in another form of the same letters, and is sent in the usual one.',
  ID_INVALID: 'The CustSpaceId is none.',
  EMAIL_INVALID: 'The e-mail address is none.',
  EMAIL_DOUBTFUL: 'A warning: the e-mail address is unusual.',
  COUNTRY_UNKNOWN: 'The country is not a two-letter code.',
  REQUEST_TOO_LARGE: 'The fields of one row are too long together.',
  DUPLICATE_CUSTOMER: 'The customer is in the file more than once.',
  COLUMN_COUNT: 'The row has more or fewer cells than the header.',
  CELL_NOT_TEXT:
    'A cell of a workbook is a date, a number that lost digits, or the like: what was meant is not certain.',
  CUSTOMER_BUSY: 'Another batch is sending other data of the same customer.',
  SETTLED_AS_FAILED:
    'A parked row, of which a person found out that it had not arrived; or a row with the same data.',
  CUSTOMER_PARKED: 'An earlier row with the same data is parked: whether it arrived is not known.',
  CUSTOMER_UNPARKED:
    'An earlier row with the same data was parked, and no longer is; what became of it has not registered this one.',
  SUPERSEDED: 'Newer data of the same customer was sent, or is about to be.',
  NEVER_SUBMITTED: 'A row that an earlier version called unchanged turned out not to be.',
  REVIEW_INVALID: 'What was to be recorded of a review is incomplete.',
  REVIEW_REFUSED: 'The review is not about anything that was submitted.',
  INPUT_UNREADABLE: 'The file cannot be opened.',
  INPUT_ENCODING: 'The text is not in the encoding that was expected.',
  INPUT_HEADER: 'Columns are missing, unknown or doubled.',
  INPUT_EMPTY: 'There is no row.',
  INPUT_JSON: 'A line is not JSON, or not an object of texts.',
  INPUT_XLSX: 'The workbook cannot be read.',
  INPUT_FORMAT: 'The file is of a kind that is not read.',
  INPUT_QUOTE: 'A quote is not closed, or stands where none may.',
  INPUT_TOO_LONG: 'A line is so long that the file is hardly a table of customers.',
  INPUT_TOO_MANY_ROWS: 'The file has more rows than a batch can have.',
  INPUT_INVALID: 'Some rows have mistakes; each was listed before.',
  ...HTTP_MEANINGS,
  OUTPUT_UNWRITABLE: 'A result cannot be written there.',
  OUTPUT_EXISTS: 'The file is there already.',
  OUTPUT_IS_INPUT: 'The file to be written is one that is read.',
  CONFIG_INVALID: 'Variables or files of the configuration are wrong; each is named.',
  USAGE: 'The command line is wrong.',
  BATCH_UNKNOWN: 'There is no such batch: never, or it was purged.',
  CUSTOMER_UNKNOWN: 'Nothing is kept of this customer.',
  ACCOUNT_UNKNOWN: 'There is no such account in the configuration.',
  PEER_MISMATCH: 'What Redis holds of the account is about another host than the one that is configured.',
  ADOPTION_NEEDED:
    'Redis has data of version 0.1, which does not say whom it is about. Nothing is sent until that is said.',
  SCHEMA_NEWER: 'A newer version has written what is in Redis.',
  WORKERS_RUNNING: 'Workers are running that would disturb this.',
  ACCESS_KEY_SHARED: 'Two names have the same access key, and so would share one limit without knowing.',
  REDIS_UNSUITABLE: 'Redis may drop what it holds.',
  REDIS_NOT_DURABLE: 'Redis may forget what it has confirmed, and cannot say when.',
  NOT_DURABLE_YET:
    'It was written, but it is not certain that Redis cannot forget it any more (exit code 1).',
  REDIS_REFUSED: 'Redis refuses the login or a command.',
  REDIS_FULL: 'Redis has no memory left and takes nothing more.',
  REDIS_UNREACHABLE: 'Redis does not answer.',
  LEDGER_WENT_BACK:
    'Redis knows of fewer submits than were made. The account is held: nothing is sent until it is recovered. See [backup and restore](operating.md#backup-and-restore).',
  LEDGER_EMPTY:
    'Redis knows of no submit, but the agreement store has noted some of an account of this name. The account is held: nothing is sent until it is recovered. See [a Redis that came back empty](operating.md#a-redis-that-came-back-empty).',
  INSTALLATION_CLOSED: 'The library was used after it was closed.',
  BATCH_STATE: 'The batch is in no state for this.',
  ROW_STATE: 'The row is in no state for this.',
  TRANSITION_REFUSED: 'Two processes had the same row, and the other one was first. Nothing was changed.',
  PACE_CONTENDED: 'Several processes changed the pace at once.',
};
