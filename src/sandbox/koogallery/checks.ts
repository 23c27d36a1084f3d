/**
 * Everything that a probe checks, with what is expected and what says so: a page of docs/koogallery-sources.md, and
 * how sure it is. Pure.
 */

interface CheckFacts {
  title: string;
  expected: string;
  source: string;
  /** Breaking it is only a warning: the documents contradict each other, or do not say it. */
  isMild?: true;
}

export const CHECKS = {
  address: {
    title: 'production address',
    expected: 'HTTPS with a domain name',
    source: 'preparation: documented',
  },
  answered: {
    title: 'an answer comes',
    expected: 'a whole answer within 20 s',
    source: 'debugger: documented',
  },
  status: { title: 'HTTP status', expected: '200, whatever the result is', source: 'debugger: documented' },
  'content-type': { title: 'content type', expected: 'application/json', source: 'debugger: documented' },
  time: { title: 'time', expected: 'at most 5 s', source: 'debugger: documented' },
  encoding: { title: 'no compression', expected: 'no Content-Encoding', source: 'inferred', isMild: true },
  'body-sign': {
    title: 'Body-Sign is there',
    expected: 'one header Body-Sign',
    source: 'Body-Sign: documented',
  },
  'body-sign-case': {
    title: 'Body-Sign: case',
    expected: 'Body-Sign, in this case',
    source: 'Body-Sign: documented',
  },
  'body-sign-form': {
    title: 'Body-Sign: form',
    expected: 'sign_type="HMAC-SHA256", signature="…", both in double quotes',
    source: 'Body-Sign: documented',
  },
  'body-sign-value': {
    title: 'Body-Sign: value',
    expected: 'Base64(HMAC-SHA256(key, exact bytes of the body))',
    source: 'Body-Sign: documented, debugger: documented',
  },
  json: { title: 'body', expected: 'a JSON object', source: 'debugger: documented' },
  ascii: {
    title: 'ASCII only',
    expected: 'all other characters as \\uXXXX',
    source: 'SaaS V2.0: documented',
    isMild: true,
  },
  result: {
    title: 'resultCode, resultMsg',
    expected: 'a code of six digits and a message of at most 255 characters',
    source: 'SaaS V2.0: documented, debugger: documented',
  },
  'known-code': {
    title: 'documented code',
    expected: 'a resultCode that is documented for this call',
    source: 'result codes: documented',
    isMild: true,
  },
  fields: {
    title: 'required fields',
    expected: 'every field that is mandatory',
    source: 'messages: documented, debugger: documented',
  },
  lengths: {
    title: 'lengths',
    expected: 'no field longer than its maximum',
    source: 'messages: documented, debugger: documented',
  },
  formats: { title: 'formats', expected: 'types and formats of the tables', source: 'messages: documented' },
  credentials: {
    title: 'encrypted fields',
    expected: 'userName and password decrypt with the key',
    source: 'encrypted fields: documented',
  },
  asked: {
    title: 'each instance',
    expected: 'one entry for each instance asked for',
    source: 'SaaS V2.0: documented',
  },
  success: { title: 'the plain call', expected: 'a success', source: 'result codes: documented' },
  repeat: {
    title: 'sent again',
    expected: 'a success each time',
    source: 'retries: documented, debugger: documented',
  },
  'same-instance': {
    title: 'same instance',
    expected: 'the same instanceId, and license, each time',
    source: 'retries: documented, SaaS V2.0: documented, licenses: documented',
  },
  'same-access': {
    title: 'same access data',
    expected: 'the same appInfo each time',
    source: 'SaaS V1.0: documented',
  },
  unseen: {
    title: 'debug call, unknown id',
    expected: 'a success for ids never seen',
    source: 'inferred',
    isMild: true,
  },
  'hex-case': { title: 'lower-case signature', expected: 'a success', source: 'signature: seen in code' },
  seconds: {
    title: 'timestamp in seconds',
    expected: 'a success',
    source: 'signature: documented, contradicted',
    isMild: true,
  },
  unsorted: {
    title: 'body not sorted',
    expected: 'a success',
    source: 'signature: seen in code',
    isMild: true,
  },
  nulls: { title: 'a field is null', expected: 'a success', source: 'signature: seen in code', isMild: true },
  'unknown-field': {
    title: 'an unknown field',
    expected: 'a success',
    source: 'authToken: seen in code, inferred',
  },
  'hard-text': { title: '+ / = & % and Chinese', expected: 'a success', source: 'authToken: documented' },
  'percent-space': { title: 'spaces as %20', expected: 'a success', source: 'authToken: documented' },
  'lost-plus': {
    title: '+ of authToken not encoded',
    expected: 'a success',
    source: 'authToken: documented',
    isMild: true,
  },
  digits: {
    title: 'expireTime of 17 digits',
    expected: 'a success',
    source: 'SaaS V2.0: documented, contradicted',
  },
  forms: {
    title: 'other kinds of renewal',
    expected: 'a success',
    source: 'SaaS V2.0: documented, SaaS V1.0: documented, licenses: documented',
  },
  sparse: {
    title: 'mandatory fields alone',
    expected: 'a success',
    source: 'messages: documented, contradicted',
    isMild: true,
  },
  many: {
    title: 'a hundred instances',
    expected: 'one entry for each of 100 ids',
    source: 'SaaS V2.0: documented, contradicted',
    isMild: true,
  },
  'previous-key': { title: 'the previous key', expected: 'a success', source: 'inferred', isMild: true },
  'wrong-key': { title: 'signed with a foreign key', expected: '000001', source: 'result codes: documented' },
  unsigned: { title: 'not signed', expected: '000001', source: 'result codes: documented' },
  tampered: { title: 'changed after signing', expected: '000001', source: 'result codes: documented' },
  stale: { title: 'signed ten minutes ago', expected: '000001', source: 'signature: documented' },
  early: {
    title: 'signed ten minutes ahead',
    expected: '000001',
    source: 'signature: inferred',
    isMild: true,
  },
  replayed: {
    title: 'nonce used for another call',
    expected: '000001',
    source: 'signature: documented, inferred',
    isMild: true,
  },
  'missing-field': {
    title: 'a mandatory field is missing',
    expected: '000002',
    source: 'result codes: documented',
  },
  'wrong-type': { title: 'a field of another type', expected: '000002', source: 'result codes: documented' },
  'twice-in-query': {
    title: 'a parameter twice',
    expected: '000002 or 000001',
    source: 'inferred',
    isMild: true,
  },
  'twice-in-body': {
    title: 'a name twice in the JSON',
    expected: '000002 or 000001',
    source: 'inferred',
    isMild: true,
  },
  malformed: { title: 'no JSON', expected: '000002', source: 'result codes: documented' },
  oversized: { title: '70 kB', expected: 'a signed refusal', source: 'inferred', isMild: true },
  'unknown-activity': { title: 'an unknown activity', expected: '000002', source: 'inferred', isMild: true },
  ready: {
    title: 'becomes ready',
    expected: 'queryInstance succeeds in the end',
    source: 'SaaS V2.0: documented',
  },
  'unknown-instance': {
    title: 'an instance that does not exist',
    expected: '000003',
    source: 'result codes: documented',
    isMild: true,
  },
  'zero-flag': {
    title: 'testFlag 0',
    expected: 'the same answer as without testFlag: it is a real call',
    source: 'SaaS V2.0: documented, contradicted',
  },
  'kit-delete': {
    title: 'delete of what is not there',
    expected: 'a success, whether or not the instance exists',
    source: 'joint operation: documented',
  },
  untouched: {
    title: 'debug calls touch nothing real',
    expected: 'the instance is still there',
    source: 'debugger: documented',
  },
} as const satisfies Record<string, CheckFacts>;

export type CheckId = keyof typeof CHECKS;

export type CheckResult = 'pass' | 'warn' | 'fail';

/** One check of one answer, or of several that belong together. */
export interface Finding {
  check: CheckId;
  result: CheckResult;
  /** What came, if it is not what was expected. Holds no secret, and nothing long. */
  came?: string;
}

export function isMild(check: CheckId): boolean {
  const facts: CheckFacts = CHECKS[check];
  return facts.isMild === true;
}

/** A finding from what came; undefined if it is what was expected. @param mild it is only a warning */
export function findingOf(check: CheckId, came: string | undefined, mild = isMild(check)): Finding {
  if (came === undefined) return { check, result: 'pass' };
  return { check, result: mild ? 'warn' : 'fail', came };
}
