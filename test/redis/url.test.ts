import { expect, it } from 'vitest';
import { describeTarget, parseRedisUrl, type RedisTarget } from '../../src/redis/url.ts';

const SINGLE = { kind: 'single', db: 0, isTls: false } as const;

it.each<[string, RedisTarget]>([
  ['redis://127.0.0.1', { ...SINGLE, host: '127.0.0.1', port: 6_379 }],
  ['redis://[::1]:7000/3', { ...SINGLE, host: '::1', port: 7_000, db: 3 }],
  ['redis://a?db=2', { ...SINGLE, host: 'a', port: 6_379, db: 2 }],
  [
    'rediss://app:p%40ss@cache.example:6380/2',
    {
      ...SINGLE,
      host: 'cache.example',
      port: 6_380,
      db: 2,
      isTls: true,
      username: 'app',
      password: 'p@ss',
    },
  ],
  ['redis://:100%@a', { ...SINGLE, host: 'a', port: 6_379, password: '100%' }],
  [
    'redis://a:1, redis://b:2/0',
    {
      kind: 'cluster',
      isTls: false,
      nodes: [
        { host: 'a', port: 1 },
        { host: 'b', port: 2 },
      ],
    },
  ],
  [
    'rediss://a:1,rediss://app:100%25@b:2',
    {
      kind: 'cluster',
      isTls: true,
      username: 'app',
      password: '100%',
      nodes: [
        { host: 'a', port: 1 },
        { host: 'b', port: 2 },
      ],
    },
  ],
  [
    'redis-sentinel://a:26380,[::1],c/main',
    {
      kind: 'sentinel',
      isTls: false,
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
    'rediss-sentinel://app:p%40ss@a/main/3?sentinelUsername=watch&sentinelPassword=s%2F1+',
    {
      kind: 'sentinel',
      isTls: true,
      sentinels: [{ host: 'a', port: 26_379 }],
      name: 'main',
      db: 3,
      username: 'app',
      password: 'p@ss',
      sentinelUsername: 'watch',
      sentinelPassword: 's/1+',
    },
  ],
  ['unix:///run/redis.sock', { kind: 'socket', path: '/run/redis.sock', db: 0 }],
  [
    'redis+unix://:p%40ss@/run/my%20redis.sock?db=4',
    { kind: 'socket', path: '/run/my redis.sock', db: 4, password: 'p@ss' },
  ],
])('reads %s', (text, target) => {
  expect(parseRedisUrl(text)).toEqual(target);
});

it.each([
  '',
  'http://a',
  'redis://',
  'redis://a,http://b',
  'redis://a/x',
  'redis://a/-1',
  'redis://a?tls=true',
  'redis://a/1,redis://b/1',
  'redis://a,rediss://b',
  'redis-sentinel://a',
  'redis-sentinel://a:x/main',
  'redis-sentinel:///main',
  'redis-sentinel://a/main/db',
  'redis-sentinel://a/main?password=x',
  'redis-sentinel://a:%zz@b/main',
  'redis-sentinel://a:99999/main',
  'redis://:secret@127.0.0.1:99999',
  'redis://:secret@[::1',
  'redis://a:1,redis://b:99999',
  'unix://redis.sock',
  'unix:///run/redis.sock?x=1',
])('refuses "%s"', (text) => {
  expect(parseRedisUrl(text)).toBeUndefined();
});

it.each([
  ['rediss://app:secret@a/2', 'a:6379'],
  ['redis://:secret@[::1]:1', '[::1]:1'],
  ['redis://:secret@a:1,redis://b:2', 'a:1, b:2'],
  ['redis-sentinel://:secret@a,b/main?sentinelPassword=secret', 'a:26379, b:26379 (Sentinels of main)'],
  ['unix://:secret@/run/redis.sock', '/run/redis.sock'],
])('shows %s without its login', (text, shown) => {
  expect(describeTarget(parseRedisUrl(text) as RedisTarget)).toBe(shown);
});
