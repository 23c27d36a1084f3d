import { expect, it } from 'vitest';
import { nodeOptionsOf, parseRedisUrl } from '../../src/redis/url.ts';

it.each([
  ['redis://127.0.0.1:6379', { kind: 'single', url: 'redis://127.0.0.1:6379' }],
  ['rediss://:pw@cache.example:6380/2', { kind: 'single', url: 'rediss://:pw@cache.example:6380/2' }],
  ['redis://a:1, redis://b:2', { kind: 'cluster', urls: ['redis://a:1', 'redis://b:2'] }],
  [
    'redis-sentinel://a:26380,[::1],c/main',
    {
      kind: 'sentinel',
      sentinels: [
        { host: 'a', port: 26_380 },
        { host: '::1', port: 26_379 },
        { host: 'c', port: 26_379 },
      ],
      name: 'main',
      db: 0,
    },
  ],
  [
    'redis-sentinel://app:p%40ss@a/main/3?sentinelPassword=s%2F1',
    {
      kind: 'sentinel',
      sentinels: [{ host: 'a', port: 26_379 }],
      name: 'main',
      db: 3,
      username: 'app',
      password: 'p@ss',
      sentinelPassword: 's/1',
    },
  ],
])('reads %s', (text, target) => {
  expect(parseRedisUrl(text)).toEqual(target);
});

it.each([
  '',
  'http://a',
  'redis://',
  'redis://a,http://b',
  'redis-sentinel://a',
  'redis-sentinel://a:x/main',
  'redis-sentinel:///main',
  'redis-sentinel://a/main/db',
  'redis-sentinel://a:%zz@b/main',
  'redis-sentinel://a:99999/main',
  'redis://:secret@127.0.0.1:99999',
  'redis://:secret@[::1',
  'redis://a:1,redis://b:99999',
])('refuses "%s"', (text) => {
  expect(parseRedisUrl(text)).toBeUndefined();
});

it.each([
  [['redis://a:1', 'redis://b:2'], {}],
  [['rediss://app:p%40ss@a:1', 'rediss://b:2'], { username: 'app', password: 'p@ss', tls: {} }],
  [['redis://:100%@a'], { password: '100%' }],
  [['redis://::::'], {}],
])('knows of %s what the other nodes of the cluster need', (urls, options) => {
  expect(nodeOptionsOf(urls)).toEqual(options);
});
