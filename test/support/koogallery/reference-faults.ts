/** What a reference seller can do wrong, and which check of the probe must find it. */
import type { CheckId } from '../../../src/sandbox/koogallery/checks.ts';

/** Found with debug calls. */
export const DEBUG_FAULTS = {
  status500: 'status',
  redirects: 'status',
  textType: 'content-type',
  hangs: 'answered',
  closes: 'answered',
  endless: 'answered',
  gzip: 'encoding',
  noSign: 'body-sign',
  twoSigns: 'body-sign',
  lowerCase: 'body-sign-case',
  noQuotes: 'body-sign-form',
  newline: 'body-sign-value',
  signedByOther: 'body-sign-value',
  html: 'json',
  list: 'json',
  rawChinese: 'ascii',
  noMessage: 'result',
  shortCode: 'result',
  oddCode: 'known-code',
  noInstance: 'fields',
  noFrontEnd: 'fields',
  longInstance: 'lengths',
  badUsage: 'formats',
  infoForOther: 'asked',
  fails: 'success',
  failsAgain: 'repeat',
  newEachTime: 'same-instance',
  refusesUnseen: 'unseen',
  onlyUpper: 'hex-case',
  onlyMs: 'seconds',
  rawOnly: 'unsorted',
  signsNulls: 'nulls',
  strictFields: 'unknown-field',
  only14: 'digits',
  onlyCurrent: 'previous-key',
  trustsAll: 'wrong-key',
  noWindow: 'stale',
  pastOnly: 'early',
  noNonces: 'replayed',
  acceptsAll: 'missing-field',
  acceptsTypes: 'wrong-type',
  crashesOnNoJson: 'malformed',
  tooLarge413: 'oversized',
  acceptsUnknown: 'unknown-activity',
  firstInQuery: 'twice-in-query',
  lastInBody: 'twice-in-body',
  onlyRenews: 'forms',
  wantsAll: 'sparse',
  onlyFirst: 'many',
} as const satisfies Record<string, CheckId>;

export const DEBUG_FAULTS_V1 = {
  plainSecrets: 'credentials',
  noSign: 'body-sign',
  noFrontEnd: 'fields',
  trustsAll: 'tampered',
  keepsPlus: 'hard-text',
  losesPlus: 'lost-plus',
  firstInQuery: 'twice-in-query',
} as const satisfies Record<string, CheckId>;

/** Found only with lives. */
export const LIVE_FAULTS = {
  neverReady: 'ready',
  newEachTime: 'same-instance',
  racing: 'same-instance',
  failsAgain: 'repeat',
  unknownIsFine: 'unknown-instance',
  debugIsReal: 'untouched',
  zeroIsDebug: 'zero-flag',
  checksDeletes: 'kit-delete',
} as const satisfies Record<string, CheckId>;

export const LIVE_FAULTS_V1 = {
  newSecrets: 'same-access',
} as const satisfies Record<string, CheckId>;

export type Fault =
  | 'noNotify'
  | keyof typeof DEBUG_FAULTS
  | keyof typeof DEBUG_FAULTS_V1
  | keyof typeof LIVE_FAULTS
  | keyof typeof LIVE_FAULTS_V1;
