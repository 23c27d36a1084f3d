import { describe, expect, it } from 'vitest';
import {
  assertDurable,
  judgeRedis,
  type RedisFacts,
  type RedisFinding,
} from '../../src/redis/suitability.ts';

const GOOD: RedisFacts = { version: '7.0.15', policy: 'noeviction', isAppendOnly: true, fsync: 'always' };

function find(what: RedisFinding['what'], changes: Partial<RedisFacts>): RedisFinding | undefined {
  return judgeRedis({ ...GOOD, ...changes }).find((finding) => finding.what === what);
}

it('a well-configured Redis is ok in every respect', () => {
  expect(judgeRedis(GOOD)).toMatchObject([
    { what: 'Redis', isOk: true, text: 'version 7.0.15', isFatal: false },
    { what: 'Redis: eviction', isOk: true, text: 'noeviction', isFatal: false },
    { what: 'Redis: persistence', isOk: true, text: 'append-only file, fsync always', isFatal: false },
  ]);
});

describe('version', () => {
  it.each([
    ['6.2.0', true],
    ['10.0.0', true],
    ['6.0.16', false],
    ['5.9.9', false],
    ['unknown', false],
  ])('%s is ok: %s', (version, isOk) => {
    expect(find('Redis', { version })).toMatchObject({ isOk, isFatal: false });
  });
});

describe('eviction', () => {
  it('that may drop keys is fatal', () => {
    expect(find('Redis: eviction', { policy: 'allkeys-lru' })).toMatchObject({
      isOk: false,
      isFatal: true,
      text: 'allkeys-lru',
      problem: 'Redis has maxmemory-policy allkeys-lru: it may drop customers to free memory.',
    });
  });

  it('that the server does not disclose is worth a warning', () => {
    expect(find('Redis: eviction', { policy: undefined })).toMatchObject({
      isOk: false,
      isFatal: false,
      text: 'unknown: the server does not disclose it',
      problem: 'Redis does not disclose its maxmemory-policy; it must be noeviction.',
    });
  });
});

describe('persistence', () => {
  it.each([
    [{ isAppendOnly: false }, 'no append-only file', 'a crash loses everything'],
    [{ fsync: 'everysec' }, 'append-only file, fsync everysec', 'a crash loses the last moments'],
    [{ fsync: undefined }, 'unknown: the server does not disclose it', 'does not disclose'],
    [{ isAppendOnly: undefined }, 'unknown: the server does not disclose it', 'does not disclose'],
  ])('%j does not prevent reading, but warns of what may be lost', (changes, text, problem) => {
    const finding = find('Redis: persistence', changes);
    expect(finding).toMatchObject({ isOk: false, isFatal: false, text });
    expect(finding?.problem).toContain(problem);
    expect(finding?.problem).toContain('may be sent twice');
  });
});

it('refuses a Redis that may forget unless that was accepted', () => {
  const check = { warnings: [], mayForget: 'It forgets.' };
  expect(() => assertDurable(check, 'durable')).toThrow('It forgets.');
  expect(() => assertDurable(check, 'relaxed')).not.toThrow();
  expect(() => assertDurable({ ...check, mayForget: undefined }, 'durable')).not.toThrow();
});
