/** The closed list of what a seller can answer (docs/koogallery-sources.md). Pure. */
import type { Intent } from './intent.ts';

type Family = 'all' | 'create' | 'license.getAsync';

interface ResultCodeFacts {
  name: string;
  /** What is sent as `resultMsg` if nothing better is known. */
  meaning: string;
  /** Where the code may be answered. */
  family: Family;
}

/** `000000` is success; every other code counts as a failed call and is sent again, but for `000004` of a V2.0 create. */
export const RESULT_CODES = {
  '000000': { name: 'SUCCESS', meaning: 'success.', family: 'all' },
  '000001': { name: 'AUTHENTICATION_FAILED', meaning: 'authentication failed.', family: 'all' },
  '000002': { name: 'PARAMETER_INVALID', meaning: 'invalid request parameter.', family: 'all' },
  '000003': { name: 'INSTANCE_UNKNOWN', meaning: 'the instance ID does not exist.', family: 'all' },
  '000004': { name: 'IN_PROGRESS', meaning: 'the request is being processed.', family: 'all' },
  '000005': { name: 'INTERNAL_ERROR', meaning: 'internal error.', family: 'all' },
  '000100': { name: 'NO_RESOURCE', meaning: 'no instance resource is available.', family: 'create' },
  '000101': { name: 'MOBILE_UNUSABLE', meaning: 'the mobile number is missing or in use.', family: 'create' },
  '000102': { name: 'EMAIL_UNUSABLE', meaning: 'the email address is missing or in use.', family: 'create' },
  '000103': { name: 'NOT_AGAIN', meaning: 'the product cannot be bought again.', family: 'create' },
  '000104': { name: 'PRODUCT_ERROR', meaning: 'the product had an internal error.', family: 'create' },
  '000105': { name: 'ALREADY_SUBSCRIBED', meaning: 'the account has the benefit already.', family: 'create' },
  '000106': { name: 'SOLD_OUT', meaning: 'the product is sold out.', family: 'create' },
  '000107': { name: 'DOMAIN_EXISTS', meaning: 'the email domain exists already.', family: 'create' },
  '000900': {
    name: 'LICENSE_QUOTA',
    meaning: 'the order has not enough licenses left.',
    family: 'license.getAsync',
  },
  '000901': {
    name: 'OUTSIDE_VALIDITY',
    meaning: 'outside the validity of the order.',
    family: 'license.getAsync',
  },
  '000902': {
    name: 'EXPIRY_REQUIRED',
    meaning: 'a license for a period needs an expiry date.',
    family: 'license.getAsync',
  },
  '000903': {
    name: 'FINGERPRINT_REQUIRED',
    meaning: 'a device fingerprint is required.',
    family: 'license.getAsync',
  },
} as const satisfies Record<string, ResultCodeFacts>;

export type ResultCode = keyof typeof RESULT_CODES;

export function isResultCode(code: unknown): code is ResultCode {
  return typeof code === 'string' && Object.hasOwn(RESULT_CODES, code);
}

/** Whether a code is documented as an answer to this call. `getLicense` creates too. */
export function mayAnswer(code: ResultCode, intent: Intent['intent']): boolean {
  const { family } = RESULT_CODES[code];
  if (family === 'create') return intent === 'create' || intent === 'license.get';
  return family === 'all' || family === intent;
}

/** Whether the marketplace takes an answer for a success; `isV2`: V2.0 or a generation in its style. */
export function isSuccess(
  code: string,
  { intent, isV2 }: { intent: Intent['intent']; isV2: boolean },
): boolean {
  return code === '000000' || (code === '000004' && intent === 'create' && isV2);
}
