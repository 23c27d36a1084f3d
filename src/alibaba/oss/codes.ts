/** What each code of OSS means for an upload. The first match wins. Source: OSS PutObject. */
import type { PeerCode } from '../classify.ts';
import { NOTHING_TO_DO, SET_CLOCK } from '../hints.ts';

export const OSS_CODES: readonly PeerCode[] = [
  { pattern: /LimitExceeded$|^(ServiceUnavailable|SlowDown)$/, class: 'throttled', hint: NOTHING_TO_DO },
  {
    pattern: /^(SecurityTokenExpired|InvalidSecurityToken|InvalidAccessKeyId|AccessDenied)$/,
    class: 'reauthorize',
    hint: NOTHING_TO_DO,
  },
  { pattern: /^(InvalidDigest|RequestTimeout|InternalError)$/, class: 'transient', hint: NOTHING_TO_DO },
  { pattern: /^RequestTimeTooSkewed$/, class: 'machine', hint: SET_CLOCK },
  {
    pattern: /^SignatureDoesNotMatch$/,
    class: 'unknown',
    hint: 'Set OSS_SIGNATURE=v1 and report this; it should not happen.',
    echoesRequest: true,
  },
  {
    pattern: /^InvalidArgument$/,
    class: 'unknown',
    hint: 'Check OSS_REGION; the bucket is not in the region that its address names.',
  },
  {
    pattern: /^NoSuchBucket$/,
    class: 'unknown',
    hint: 'Ask Alibaba Cloud support; the bucket that Chat App named does not exist.',
  },
  {
    pattern: /^(InvalidObjectName|EntityTooLarge)$/,
    class: 'customer',
    hint: 'Check the size of the agreement; OSS refuses it.',
  },
];
