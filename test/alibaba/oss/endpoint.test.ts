import { describe, expect, it } from 'vitest';
import { expiryOf, parseUploadAuthorization } from '../../../src/alibaba/chatapp/upload-authorization.ts';
import { assertAllowedHost, normaliseHost, regionOf } from '../../../src/alibaba/oss/endpoint.ts';

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

describe('host', () => {
  it.each([
    'oss-ap-southeast-1.aliyuncs.com',
    'https://oss-ap-southeast-1.aliyuncs.com/',
    'http://user@oss-ap-southeast-1.aliyuncs.com/path?x',
    'https://oss-bucket.OSS-ap-southeast-1.aliyuncs.com',
  ])('normalises %s', (endpoint) => {
    expect(normaliseHost(endpoint, 'oss-bucket')).toBe('oss-ap-southeast-1.aliyuncs.com');
  });

  it.each(['evil.example.com', 'aliyuncs.com.evil.example', 'a b.aliyuncs.com', '127.0.0.1:80', ''])(
    'refuses %j',
    (host) => {
      expect(() => assertAllowedHost(host, RULES)).toThrow(/OSS_ENDPOINT_ALLOW/);
    },
  );

  it('allows loopback only with a loopback Chat App, and then over http', () => {
    expect(assertAllowedHost('127.0.0.1:4011', { ...RULES, allowsLoopback: true })).toBe('http');
  });

  it.each([
    ['oss-ap-southeast-1.aliyuncs.com', 'ap-southeast-1'],
    ['oss-cn-hangzhou-internal.aliyuncs.com', 'cn-hangzhou'],
    ['oss-accelerate.aliyuncs.com', undefined],
    ['files.example.com', undefined],
  ])('takes the region of %s to be %s', (host, region) => {
    expect(regionOf(host)).toBe(region);
  });
});

describe('upload authorization', () => {
  it('reads the documented answer', () => {
    expect(parseUploadAuthorization(DATA, 1000, RULES)).toMatchObject({
      directory: 'C1',
      endpoint: 'https://oss-ap-southeast-1.aliyuncs.com',
      region: 'ap-southeast-1',
      expiresAt: 3_601_000,
    });
  });

  it.each(Object.keys(DATA).filter((field) => field !== 'Expire'))(
    'refuses an answer without %s and quotes no secret',
    (field) => {
      expect(() => parseUploadAuthorization({ ...DATA, [field]: undefined }, 0, RULES)).toThrow(
        new RegExp(`no usable ${field}`),
      );
    },
  );

  it.each(['', '/', '../other'])('refuses the directory %j', (Dir) => {
    expect(() => parseUploadAuthorization({ ...DATA, Dir }, 0, RULES)).toThrow();
  });

  it.each([
    [3600, 3_600_000],
    ['3600', 3_600_000],
    [undefined, 900_000],
    [-1, 900_000],
    [100_000, 3_600_000],
    [1_900_000_000, 1_900_000_000_000],
  ])('ends an authorization with Expire %s at %i', (expire, expected) => {
    expect(expiryOf(expire, 0)).toBe(expected);
  });
});
