/**
 * What each code of Chat App means for us. The first match wins.
 * Sources: Chat App "API error codes", "common error codes" of the Alibaba Cloud gateway.
 */
import type { PeerCode } from '../classify.ts';
import { NOTHING_TO_DO, SET_CLOCK } from '../hints.ts';

const CHECK_KEY =
  'Check the AccessKey of this account; it is unknown, disabled, expired or does not match its secret.';

export const CHATAPP_CODES: readonly PeerCode[] = [
  // Rate.
  { pattern: /^Throttling|LimitControl|FlowControl/i, class: 'throttled', hint: NOTHING_TO_DO },
  // The account.
  {
    pattern: /^Product\.Unsubscript/,
    class: 'account',
    hint: 'Subscribe to Chat App Message Service in the console of this account.',
  },
  {
    pattern: /^(Ram\.PermissionDeny|Forbidden(\.RAM)?$|NoPermission|Authentication\.NoAuth)/,
    class: 'account',
    hint: 'Allow cams:GetChatappUploadAuthorization and cams:SubmitIsvCustomerTerms in the RAM policy of this AccessKey.',
  },
  {
    pattern: /^Forbidden\.UserVerification/,
    class: 'account',
    hint: 'Complete the real-name verification of this account.',
  },
  {
    pattern: /^Forbidden/,
    class: 'account',
    hint: 'Ask Alibaba Cloud support why this account is blocked.',
  },
  { pattern: /^InvalidAccessKeyId|^InvalidSecurityToken/, class: 'account', hint: CHECK_KEY },
  {
    pattern: /^(SignatureDoesNotMatch|IncompleteSignature)/,
    class: 'account',
    hint: CHECK_KEY,
    echoesRequest: true,
  },
  {
    pattern: /^(InvalidAction|InvalidApi)\.NotFound|^UnsupportedOperation/,
    class: 'account',
    hint: 'Find out what replaces this operation before you resume; Alibaba Cloud has retired it.',
  },
  {
    pattern: /^(InvalidVersion|NoSuchVersion|InvalidProduct|InvalidProtocol)/,
    class: 'account',
    hint: 'Check CHATAPP_ENDPOINT.',
  },
  {
    pattern: /^(InsufficientBalance|UserStatusInvalid)/,
    class: 'account',
    hint: 'Check the balance and the status of this account in its console.',
  },
  { pattern: /^InvalidTimeStamp/, class: 'machine', hint: SET_CLOCK },
  // One customer.
  {
    pattern: /^Unknown\.ResourceOwnerId/,
    class: 'customer',
    hint: 'Correct the CustSpaceId; this one does not belong to the account.',
  },
  {
    pattern: /^Missing/,
    class: 'customer',
    hint: 'Fill in the field that Alibaba Cloud reports as missing, then import this row again.',
  },
  {
    pattern: /^InvalidParameter/,
    class: 'customer',
    hint: 'Correct the value that Alibaba Cloud refuses, then import this row again.',
  },
  // Trouble on their side. A repeated nonce means that a proxy sent our request twice: the first may have counted.
  {
    pattern: /^(ServiceUnavailable|InternalError|UnknownError|SignatureNonceUsed)/,
    class: 'transient',
    hint: NOTHING_TO_DO,
  },
];
