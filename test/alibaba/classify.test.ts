import { describe, expect, it } from 'vitest';
import { CHATAPP_CODES } from '../../src/alibaba/chatapp/codes.ts';
import { classifyAnswer, type PeerAnswer, withoutQueries } from '../../src/alibaba/classify.ts';
import { OSS_CODES } from '../../src/alibaba/oss/codes.ts';

const classOf = (answer: Partial<PeerAnswer>) =>
  classifyAnswer({ operation: 'authorize', httpStatus: 400, ...answer }, CHATAPP_CODES).class;

describe('class of a Chat App answer', () => {
  it.each([
    ['System.LimitControl', 'throttled'],
    ['Throttling', 'throttled'],
    ['Throttling.Api.Concurrency', 'throttled'],
    ['Product.Unsubscript', 'account'],
    ['Ram.PermissionDeny', 'account'],
    ['Forbidden.RAM', 'account'],
    ['Forbidden.UserVerification', 'account'],
    ['InvalidAccessKeyId.NotFound', 'account'],
    ['SignatureDoesNotMatch', 'account'],
    ['InvalidAction.NotFound', 'account'],
    ['Unknown.ResourceOwnerId', 'customer'],
    ['MissingCustName', 'customer'],
    ['InvalidParameter.Format', 'customer'],
    ['ServiceUnavailable', 'transient'],
    ['InternalError', 'transient'],
    ['SomethingNew', 'unknown'],
  ])('takes %s as %s', (code, expected) => {
    expect(classOf({ code })).toBe(expected);
  });

  it.each([
    [302, 'throttled'],
    [429, 'throttled'],
    [500, 'transient'],
    [502, 'transient'],
    [200, 'transient'],
  ])('takes HTTP %i without a code as %s', (httpStatus, expected) => {
    expect(classOf({ httpStatus, code: undefined })).toBe(expected);
  });

  it('takes a failure of a submit as ambiguous where it would be transient elsewhere', () => {
    expect(classOf({ operation: 'submit', httpStatus: 503, code: 'ServiceUnavailable' })).toBe('ambiguous');
    expect(classOf({ operation: 'submit', httpStatus: 400, code: 'SignatureNonceUsed' })).toBe('ambiguous');
    expect(classOf({ operation: 'submit', httpStatus: 400, code: 'Throttling.User' })).toBe('throttled');
  });
});

describe('class of an OSS answer', () => {
  it.each([
    ['SecurityTokenExpired', 403, 'reauthorize'],
    ['InvalidAccessKeyId', 403, 'reauthorize'],
    ['AccessDenied', 403, 'reauthorize'],
    ['InvalidDigest', 400, 'transient'],
    ['ServiceUnavailable', 503, 'throttled'],
    ['DownloadTrafficRateLimitExceeded', 503, 'throttled'],
    ['EntityTooLarge', 400, 'customer'],
    ['SignatureDoesNotMatch', 403, 'unknown'],
  ])('takes %s with HTTP %i as %s', (code, httpStatus, expected) => {
    expect(classifyAnswer({ operation: 'put', code, httpStatus }, OSS_CODES).class).toBe(expected);
  });
});

it('does not keep the text of a code that repeats the request', () => {
  const answer = { httpStatus: 400, code: 'SignatureDoesNotMatch', message: 'ContactMail=a%40b.c' };
  const error = classifyAnswer({ operation: 'submit', ...answer }, CHATAPP_CODES);
  expect(error.message).not.toContain('ContactMail');
  expect(error.peerCode).toBe('SignatureDoesNotMatch');
});

it('takes the queries off the URLs in a text', () => {
  expect(withoutQueries('see https://a.b/c?CustName=x&y=1 now')).toBe('see https://a.b/c now');
});
