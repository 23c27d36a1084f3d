/**
 * What an answer of KooGallery's open APIs means: by its code first, and by its HTTP status only where the code says
 * nothing, because pages give one code with several statuses (docs/koogallery-sources.md). Pure.
 */

export type Verdict =
  | 'done'
  /** Trouble of the marketplace, or too many calls: the same call again, later. */
  | 'again'
  /** It does not accept who calls: keys, roles, signatures. Nothing is said about what was sent. */
  | 'denied'
  /** The request is not of the form that it wants. */
  | 'form'
  /** Something that the request names does not exist, is not this seller's, or is too old. */
  | 'content'
  /** More records at once than it takes. */
  | 'too-many';

/** Of `MKT.…` and `CBC.…`, which are two spellings of one list. */
const BY_NUMBER: Readonly<Record<string, Verdict>> = {
  '0000': 'done',
  '0100': 'form',
  '0101': 'form',
  /** The signature of a body. */
  '0102': 'denied',
  '0150': 'content',
  '0151': 'denied',
  '0154': 'denied',
  '0199': 'form',
  '0250': 'again',
  '0999': 'again',
  '9001': 'content',
  '9002': 'content',
  '9003': 'too-many',
  '9004': 'content',
  '9005': 'content',
};

/** Of the license interfaces, and of the gateway before all of them. 92020001 is two things; its status tells which. */
const BY_CODE: Readonly<Record<string, Verdict>> = {
  '92020000': 'done',
  '92020002': 'form',
  '92020004': 'content',
  '92020005': 'content',
  '91381034': 'content',
  '91381035': 'content',
  'APIGW.0301': 'denied',
  'APIGW.0303': 'denied',
};

/** Statuses that are no 5xx and yet pass: request timeout, the documented rate limit, and the usual one. */
const PASSING = [406, 408, 429];
const DENYING = [401, 403];

/** @param code as the answer has it; undefined if there is none to read */
export function verdictOf(code: string | undefined, status: number): Verdict {
  const [, number = ''] = /^(?:MKT|CBC)\.(\d{4})$/.exec(code ?? '') ?? [];
  const known = BY_NUMBER[number] ?? BY_CODE[code ?? ''];
  if (known !== undefined) return known;
  if (DENYING.includes(status)) return 'denied';
  if (PASSING.includes(status)) return 'again';
  // A success without a code of success may be a page of some proxy: nobody knows what became of the call.
  return status >= 400 && status < 500 ? 'form' : 'again';
}

/** Whether a call that failed so was certainly not carried out. */
export function isRefusedUndone(verdict: Verdict, status: number): boolean {
  return verdict === 'again' ? PASSING.includes(status) : verdict !== 'done';
}
