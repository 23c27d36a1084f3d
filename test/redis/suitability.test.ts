import { describe, expect, it } from 'vitest';
import { judgeRedis, type RedisFacts, type RedisFinding } from '../../src/redis/suitability.ts';

const GOOD: RedisFacts = { version: '7.0.15', policy: 'noeviction', isAppendOnly: true };

function find(what: RedisFinding['what'], changes: Partial<RedisFacts>): RedisFinding | undefined {
  return judgeRedis({ ...GOOD, ...changes }).find((finding) => finding.what === what);
}

it('a Redis that is as it should be is ok in every respect', () => {
  expect(judgeRedis(GOOD)).toMatchObject([
    { what: 'Redis', isOk: true, text: 'version 7.0.15', isFatal: false },
    { what: 'Redis: eviction', isOk: true, text: 'noeviction', isFatal: false },
    { what: 'Redis: persistence', isOk: true, text: 'append-only file', isFatal: false },
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

  it('that the server does not name is worth a warning', () => {
    expect(find('Redis: eviction', { policy: undefined })).toMatchObject({
      isOk: false,
      isFatal: false,
      text: 'unknown: the server does not say',
      problem: 'Redis does not say what its maxmemory-policy is; it must be noeviction.',
    });
  });
});

describe('persistence', () => {
  it.each([
    [false, 'no append-only file', 'Redis runs without appendonly: a crash of Redis loses recent work.'],
    [
      undefined,
      'unknown: the server does not say',
      'Redis does not say whether appendonly is on; it must be yes.',
    ],
  ])('%s is worth a warning', (isAppendOnly, text, problem) => {
    expect(find('Redis: persistence', { isAppendOnly })).toMatchObject({
      isOk: false,
      isFatal: false,
      text,
      problem,
    });
  });
});
