/**
 * The one table from a peer's answer to our error classes.
 *
 * The published list of Chat App codes is incomplete and OSS has hundreds, so rows match by pattern and the
 * first match wins. A code without a row falls to the HTTP status, and says so by its class `unknown`.
 * Sources: Chat App "API error codes", "common error codes" of the Alibaba Cloud gateway, OSS PutObject.
 */
import { AppError, type ErrorClass } from '../errors.ts';

export type PeerOperation = 'authorize' | 'put' | 'submit';

interface PeerCodeRow {
  service: 'chatapp' | 'oss';
  pattern: RegExp;
  class: ErrorClass;
  hint: string;
  /** The text that comes with this code repeats our request, so it is never kept. */
  echoesRequest?: true;
}

const RETRIES_BY_ITSELF = 'Nothing to do: it is tried again by itself.';
const POLICY =
  'Allow cams:GetChatappUploadAuthorization and cams:SubmitIsvCustomerTerms in the RAM policy of this access key.';
const KEY =
  'Check the AccessKey of this account: it is unknown, disabled, expired or does not match its secret.';

const PEER_CODES: readonly PeerCodeRow[] = [
  // Rate.
  row('chatapp', /^Throttling|LimitControl|FlowControl/i, 'throttled', RETRIES_BY_ITSELF),
  row('oss', /LimitExceeded$|^(ServiceUnavailable|SlowDown)$/, 'throttled', RETRIES_BY_ITSELF),
  // The account.
  row(
    'chatapp',
    /^Product\.Unsubscript/,
    'account',
    'Subscribe to Chat App Message Service in the console of this account.',
  ),
  row(
    'chatapp',
    /^(Ram\.PermissionDeny|Forbidden(\.RAM)?$|NoPermission|Authentication\.NoAuth)/,
    'account',
    POLICY,
  ),
  row(
    'chatapp',
    /^Forbidden\.UserVerification/,
    'account',
    'Complete the real-name verification of this account.',
  ),
  row('chatapp', /^Forbidden/, 'account', 'Alibaba Cloud blocks this account; ask its support.'),
  row('chatapp', /^InvalidAccessKeyId|^InvalidSecurityToken/, 'account', KEY),
  { ...row('chatapp', /^(SignatureDoesNotMatch|IncompleteSignature)/, 'account', KEY), echoesRequest: true },
  row(
    'chatapp',
    /^(InvalidAction|InvalidApi)\.NotFound|^UnsupportedOperation/,
    'account',
    'Alibaba Cloud has retired this operation; look for the successor before you resume.',
  ),
  row(
    'chatapp',
    /^(InvalidVersion|NoSuchVersion|InvalidProduct|InvalidProtocol)/,
    'account',
    'Check CHATAPP_ENDPOINT.',
  ),
  row(
    'chatapp',
    /^(InsufficientBalance|UserStatusInvalid)/,
    'account',
    'Settle the balance or status of this account.',
  ),
  row(
    'chatapp',
    /^InvalidTimeStamp/,
    'account',
    'Set the clock of this machine: it is more than 15 minutes off.',
  ),
  // One customer.
  row(
    'chatapp',
    /^Unknown\.ResourceOwnerId/,
    'customer',
    'This CustSpaceId does not belong to this account.',
  ),
  row('chatapp', /^Missing/, 'customer', 'The peer misses a field; correct the row and import it again.'),
  row(
    'chatapp',
    /^InvalidParameter/,
    'customer',
    'The peer refuses a value; correct the row and import it again.',
  ),
  // Trouble on their side. A repeated nonce means that a proxy sent our request twice: the first may have counted.
  row(
    'chatapp',
    /^(ServiceUnavailable|InternalError|UnknownError|SignatureNonceUsed)/,
    'transient',
    RETRIES_BY_ITSELF,
  ),

  row(
    'oss',
    /^(SecurityTokenExpired|InvalidSecurityToken|InvalidAccessKeyId|AccessDenied)$/,
    'reauthorize',
    RETRIES_BY_ITSELF,
  ),
  row('oss', /^(InvalidDigest|RequestTimeout|InternalError)$/, 'transient', RETRIES_BY_ITSELF),
  row(
    'oss',
    /^RequestTimeTooSkewed$/,
    'account',
    'Set the clock of this machine: it is more than 15 minutes off.',
  ),
  {
    ...row(
      'oss',
      /^SignatureDoesNotMatch$/,
      'unknown',
      'Try OSS_SIGNATURE=v1, and tell us: this should not happen.',
    ),
    echoesRequest: true,
  },
  row(
    'oss',
    /^InvalidArgument$/,
    'unknown',
    'Check OSS_REGION: the bucket is in another region than its address says.',
  ),
  row(
    'oss',
    /^NoSuchBucket$/,
    'unknown',
    'The bucket the peer named does not exist; ask Alibaba Cloud support.',
  ),
  row(
    'oss',
    /^(InvalidObjectName|EntityTooLarge)$/,
    'customer',
    'OSS refuses the agreement; check its size.',
  ),
];

function row(service: 'chatapp' | 'oss', pattern: RegExp, errorClass: ErrorClass, hint: string): PeerCodeRow {
  return { service, pattern, class: errorClass, hint };
}

function findRow(operation: PeerOperation, code: string): PeerCodeRow | undefined {
  const service = operation === 'put' ? 'oss' : 'chatapp';
  return PEER_CODES.find((candidate) => candidate.service === service && candidate.pattern.test(code));
}

/** What came back from a peer, reduced to what is safe and useful. */
export interface PeerAnswer {
  operation: PeerOperation;
  httpStatus?: number;
  /** The peer's code; absent when the answer could not be read. */
  code?: string;
  message?: string;
  requestId?: string;
  retryAfterMs?: number;
}

/**
 * Turns an unsuccessful answer into our error. Pure.
 * A submit that may have been carried out is `ambiguous` wherever another operation would be `transient`.
 */
export function classifyAnswer(answer: PeerAnswer): AppError {
  const match = answer.code === undefined ? undefined : findRow(answer.operation, answer.code);
  const errorClass = match?.class ?? classOfStatus(answer);
  const options = {
    class: errorClass === 'transient' && answer.operation === 'submit' ? ('ambiguous' as const) : errorClass,
    peerCode: answer.code,
    hint: match?.hint,
    requestId: answer.requestId,
    httpStatus: answer.httpStatus,
    retryAfterMs: answer.retryAfterMs,
  };
  return new AppError(codeOf(errorClass, answer), textOf(answer, match), options);
}

function classOfStatus({ operation, httpStatus, code }: PeerAnswer): ErrorClass {
  const status = httpStatus ?? 0;
  // A bare 302 is the gateway's answer to a flood.
  if (status === 429 || (status >= 300 && status < 400 && operation !== 'put')) return 'throttled';
  if (status >= 500) return 'transient';
  // Without a code the body was not the peer's: a proxy or a broken connection, so try again.
  return code === undefined ? 'transient' : 'unknown';
}

function codeOf(errorClass: ErrorClass, answer: PeerAnswer) {
  if (errorClass === 'throttled') return 'PEER_THROTTLED';
  if (errorClass !== 'transient') return 'PEER_REFUSED';
  return answer.code === undefined && (answer.httpStatus ?? 0) < 500
    ? 'PEER_UNPARSEABLE'
    : 'PEER_UNAVAILABLE';
}

function textOf(answer: PeerAnswer, match: PeerCodeRow | undefined): string {
  const where = `${answer.operation}: HTTP ${answer.httpStatus ?? 'none'}`;
  if (match?.echoesRequest)
    return `${where} ${answer.code} (the peer's text repeats our request and is not kept)`;
  return [where, answer.code, answer.message && withoutQueries(answer.message)].filter(Boolean).join(' ');
}

/** Drops the query of every URL in a text: that is where the customer's data travels. */
export function withoutQueries(text: string): string {
  return text.replace(/\?[^\s"'<>]*/g, '');
}
