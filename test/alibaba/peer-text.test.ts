/** What is kept of the odd answers that a peer, or a proxy in its place, may give. */
import { expect, it } from 'vitest';
import { CHATAPP_CODES } from '../../src/alibaba/chatapp/codes.ts';
import { envelopeSchema } from '../../src/alibaba/chatapp/envelope.ts';
import { parseUploadAuthorization } from '../../src/alibaba/chatapp/upload-authorization.ts';
import { classifyAnswer } from '../../src/alibaba/classify.ts';
import { readOssFailure } from '../../src/alibaba/oss/client.ts';

it.each([
  ['a lone surrogate', 'A\ud800B', 'A?B'],
  ['half of an emoji at the cut', `${'x'.repeat(99)}😀`, 'x'.repeat(99)],
  ['an escape sequence', 'A\u001b[2J', 'A??2J'],
  ['a number', 12, '12'],
  ['nothing', null, undefined],
  ['an object', { id: 1 }, undefined],
])('reads an acceptance whose RequestId is %s', (_name, RequestId, requestId) => {
  expect(envelopeSchema.parse({ Code: 'OK', RequestId })).toMatchObject({ code: 'OK', requestId });
});

it('keeps a message in one line, whole in its characters, and drops one that is no text', () => {
  const message = `${'y'.repeat(499)}😀`;
  expect(envelopeSchema.parse({ Message: message }).message).toBe('y'.repeat(499));
  expect(envelopeSchema.parse({ Message: 'a\n\u202eb' }).message).toBe('a\\u000a\\u202eb');
  expect(envelopeSchema.parse({ Code: 'X', Message: ['a'] })).toMatchObject({ code: 'X' });
});

it('says in the error that characters were replaced, and keeps what the peer says apart', () => {
  const { code, message } = envelopeSchema.parse({ Code: 'Bad\u202e', Message: 'about Söhne' });
  const error = classifyAnswer({ operation: 'submit', httpStatus: 400, code, message }, CHATAPP_CODES);
  expect(error.message).toBe('submit: HTTP 400 Bad? (each ? is a character that no code or RequestId has)');
  expect(error.fullMessage).toBe(`${error.message} about Söhne`);
});

it('reads what is sound in a failure of OSS beside what is not', () => {
  const failure = Object.assign(new Error('x'), { code: 'A\u009bB', status: 'odd', requestId: null });
  expect(readOssFailure(failure)).toMatchObject({ code: 'A?B', httpStatus: undefined, requestId: undefined });
});

it.each(['Dir', 'SecurityToken'])('refuses an authorization whose %s could not be sent', (field) => {
  const data = {
    ...{ AccessKeyId: 'a', AccessKeySecret: 'b', SecurityToken: 'c', Dir: 'd' },
    ...{ BucketName: 'bucket', EndPoint: 'oss-cn-hangzhou.aliyuncs.com' },
  };
  const rules = { allowedSuffixes: ['.aliyuncs.com'], allowsLoopback: false };
  expect(parseUploadAuthorization(data, rules)).toMatchObject({ directory: 'd' });
  for (const odd of ['a\ud800', 'a\r\nHost: x', 'a\u202e'])
    expect(() => parseUploadAuthorization({ ...data, [field]: odd }, rules)).toThrow(
      expect.objectContaining({ code: 'AUTHORIZATION_INVALID' }),
    );
});
