/**
 * Everything that a probe checks, with what is expected and which document says so: a section of koogallery.md and how
 * sure it is ([D] documented, [C] seen in public code, [I] inferred). Pure.
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
    source: '§1 [D]',
  },
  answered: {
    title: 'an answer comes',
    expected: 'a whole answer within 20 s',
    source: '§8.4 [D]',
  },
  status: { title: 'HTTP status', expected: '200, whatever the result is', source: '§8.4 [D]' },
  'content-type': { title: 'content type', expected: 'application/json', source: '§8.4 [D]' },
  time: { title: 'time', expected: 'at most 5 s', source: '§0.4 [D]' },
  encoding: { title: 'no compression', expected: 'no Content-Encoding', source: '§11.2 [I]', isMild: true },
  'body-sign': { title: 'Body-Sign is there', expected: 'one header Body-Sign', source: '§3.3 [D]' },
  'body-sign-case': { title: 'Body-Sign: case', expected: 'Body-Sign, in this case', source: '§3.3 [D]' },
  'body-sign-form': {
    title: 'Body-Sign: form',
    expected: 'sign_type="HMAC-SHA256", signature="…", both in double quotes',
    source: '§3.3 [D]',
  },
  'body-sign-value': {
    title: 'Body-Sign: value',
    expected: 'Base64(HMAC-SHA256(key, exact bytes of the body))',
    source: '§3.3, §8.4 [D]',
  },
  json: { title: 'body', expected: 'a JSON object', source: '§8.4 [D]' },
  ascii: {
    title: 'ASCII only',
    expected: 'all other characters as \\uXXXX',
    source: '§6.2 [D]',
    isMild: true,
  },
  result: {
    title: 'resultCode, resultMsg',
    expected: 'a code of six digits and a message of at most 255 characters',
    source: '§6, §8.4 [D]',
  },
  'known-code': {
    title: 'documented code',
    expected: 'a resultCode that is documented for this call',
    source: '§8.1 [D]',
    isMild: true,
  },
  fields: { title: 'required fields', expected: 'every field that is mandatory', source: '§6-§9, §8.4 [D]' },
  lengths: { title: 'lengths', expected: 'no field longer than its maximum', source: '§6-§9, §8.4 [D]' },
  formats: { title: 'formats', expected: 'types and formats of the tables', source: '§6-§9 [D]' },
  credentials: {
    title: 'encrypted fields',
    expected: 'userName and password decrypt with the key',
    source: '§5 [D]',
  },
  asked: { title: 'each instance', expected: 'one entry for each instance asked for', source: '§6.2 [D]' },
  success: { title: 'the plain call', expected: 'a success', source: '§8.1 [D]' },
  repeat: { title: 'sent again', expected: 'a success each time', source: '§0.5, §8.3 [D]' },
  'same-instance': {
    title: 'same instance',
    expected: 'the same instanceId, and license, each time',
    source: '§0.5, §6.1, §9.3 [D]',
  },
  'same-access': { title: 'same access data', expected: 'the same appInfo each time', source: '§0.6 [D]' },
  unseen: {
    title: 'debug call, unknown id',
    expected: 'a success for ids never seen',
    source: '§11.2 [I]',
    isMild: true,
  },
  'hex-case': { title: 'lower-case signature', expected: 'a success', source: '§4.1 [C]' },
  seconds: {
    title: 'timestamp in seconds',
    expected: 'a success',
    source: '§4.1, §14 [D], contradicted',
    isMild: true,
  },
  unsorted: { title: 'body not sorted', expected: 'a success', source: '§4.1 [C]', isMild: true },
  nulls: { title: 'a field is null', expected: 'a success', source: '§4.1 [C]', isMild: true },
  'unknown-field': { title: 'an unknown field', expected: 'a success', source: '§3.1 [C], §11.2 [I]' },
  'hard-text': { title: '+ / = & % and Chinese', expected: 'a success', source: '§3.1 [D]' },
  'percent-space': { title: 'spaces as %20', expected: 'a success', source: '§3.1 [D]' },
  'lost-plus': {
    title: '+ of authToken not encoded',
    expected: 'a success',
    source: '§3.1 [D]',
    isMild: true,
  },
  digits: { title: 'expireTime of 17 digits', expected: 'a success', source: '§6.3 [D], contradicted' },
  'previous-key': { title: 'the previous key', expected: 'a success', source: '§11.2 [I]', isMild: true },
  'wrong-key': { title: 'signed with a foreign key', expected: '000001', source: '§8.1 [D]' },
  unsigned: { title: 'not signed', expected: '000001', source: '§8.1 [D]' },
  tampered: { title: 'changed after signing', expected: '000001', source: '§8.1 [D]' },
  stale: { title: 'signed ten minutes ago', expected: '000001', source: '§4.1 [D]' },
  early: { title: 'signed ten minutes ahead', expected: '000001', source: '§4.1 [I]', isMild: true },
  replayed: {
    title: 'nonce used for another call',
    expected: '000001',
    source: '§4.1 [D], §11.2 [I]',
    isMild: true,
  },
  'missing-field': { title: 'a mandatory field is missing', expected: '000002', source: '§8.1 [D]' },
  'wrong-type': { title: 'a field of another type', expected: '000002', source: '§8.1 [D]' },
  malformed: { title: 'no JSON', expected: '000002', source: '§8.1 [D]' },
  oversized: { title: '70 kB', expected: 'a signed refusal', source: '§11.2 [I]', isMild: true },
  'unknown-activity': { title: 'an unknown activity', expected: '000002', source: '§11.2 [I]', isMild: true },
  ready: { title: 'becomes ready', expected: 'queryInstance succeeds in the end', source: '§6.1 [D]' },
  'unknown-instance': {
    title: 'an instance that does not exist',
    expected: '000003',
    source: '§8.1 [D]',
    isMild: true,
  },
  'kit-delete': {
    title: 'delete of what is not there',
    expected: 'a success, whether or not the instance exists',
    source: '§6.9 [D]',
  },
  untouched: {
    title: 'debug calls touch nothing real',
    expected: 'the instance is still there',
    source: '§0.10 [D]',
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
