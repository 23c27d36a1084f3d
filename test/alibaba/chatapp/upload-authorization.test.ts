import { expect, it } from 'vitest';
import { parseUploadAuthorization } from '../../../src/alibaba/chatapp/upload-authorization.ts';

const RULES = { allowedSuffixes: ['.aliyuncs.com'], allowsLoopback: false };
const DATA = {
  AccessKeyId: 'STS.x',
  AccessKeySecret: 's',
  SecurityToken: 't',
  BucketName: 'oss-bucket',
  Dir: '/C1/',
  EndPoint: 'https://oss-ap-southeast-1.aliyuncs.com',
  Expire: 3600,
};

it('a documented answer is read', () => {
  expect(parseUploadAuthorization(DATA, RULES)).toMatchObject({
    directory: 'C1',
    endpoint: 'https://oss-ap-southeast-1.aliyuncs.com',
    region: 'ap-southeast-1',
  });
});

it.each(Object.keys(DATA).filter((field) => field !== 'Expire'))(
  'without %s it is refused, and no secret is quoted',
  (field) => {
    expect(() => parseUploadAuthorization({ ...DATA, [field]: undefined }, RULES)).toThrow(
      new RegExp(`no usable ${field}`),
    );
  },
);

it.each(['', '/', '../other'])('directory %j is refused', (Dir) => {
  expect(() => parseUploadAuthorization({ ...DATA, Dir }, RULES)).toThrow();
});
