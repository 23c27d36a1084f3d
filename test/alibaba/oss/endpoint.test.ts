import { describe, expect, it } from 'vitest';
import { assertAllowedHost, normaliseHost, regionOf } from '../../../src/alibaba/oss/endpoint.ts';

const RULES = { allowedSuffixes: ['.aliyuncs.com'], allowsLoopback: false };

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

  it.each([
    ['aliyuncs.com', 'oss-cn-hangzhou.aliyuncs.com', true],
    ['.aliyuncs.com', 'oss-cn-hangzhou.aliyuncs.com', true],
    ['aliyuncs.com', 'evilaliyuncs.com', false],
    ['.aliyuncs.com', 'evilaliyuncs.com', false],
    ['files.example.com', 'files.example.com:8443', true],
    ['files.example.com', 'profiles.example.com', false],
    ['Example.COM', 'files.example.com', true],
  ])('with %s allowed, %s is: %s', (suffix, host, isAllowed) => {
    const assert = () => assertAllowedHost(host, { ...RULES, allowedSuffixes: [suffix] });
    if (isAllowed) expect(assert()).toBe('https');
    else expect(assert).toThrow(/OSS_ENDPOINT_ALLOW/);
  });

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
