import { describe, expect, it } from 'vitest';
import type { RedisFacts } from '../../src/redis/server-facts.ts';
import { assertDurable, judgeRedis, type RedisFinding } from '../../src/redis/suitability.ts';

const GOOD: RedisFacts = {
  version: '7.0.15',
  runId: 'a1',
  policy: 'noeviction',
  isAppendOnly: true,
  fsync: 'always',
  knowsWaitAof: false,
  tellsConnections: true,
  replicas: 0,
  replicasMin: 0,
};

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
    [{ fsync: undefined }, 'append-only file, fsync unknown', 'does not disclose'],
    [{ runId: '' }, 'append-only file, fsync always', 'INFO is closed'],
    [{ isAppendOnly: undefined }, 'unknown: the server does not disclose it', 'does not disclose'],
    [{ fsync: 'no', knowsWaitAof: true }, 'append-only file, fsync no', 'a crash loses the last moments'],
  ])('%j does not prevent reading, but warns of what may be lost', (changes, text, problem) => {
    const finding = find('Redis: persistence', changes);
    expect(finding).toMatchObject({ isOk: false, isFatal: false, text });
    expect(finding?.problem).toContain(problem);
    expect(finding?.problem).toContain('may be sent twice');
  });
});

describe('what takes a wait', () => {
  it.each([
    { fsync: 'everysec', knowsWaitAof: true, replicas: 0 },
    { fsync: 'always', knowsWaitAof: false, replicas: 1 },
  ])('is refused at the start, not at the first write, where CLIENT is closed: %j', (changes) => {
    const closed = { ...changes, tellsConnections: false };
    expect(find('Redis: persistence', closed)).toMatchObject({
      isOk: false,
      problem: expect.stringContaining('CLIENT is closed'),
      hint: expect.stringContaining('CLIENT ID'),
    });
    expect(find('Redis: replicas', closed)?.text ?? '').not.toContain('waits');
  });

  it('is not needed where CLIENT is closed and every reply is already durable', () => {
    expect(find('Redis: persistence', { tellsConnections: false })?.isOk).toBe(true);
  });

  it('is a crash where the server can say what has reached its disk', () => {
    expect(find('Redis: persistence', { fsync: 'everysec', knowsWaitAof: true })).toMatchObject({
      isOk: true,
      text: 'append-only file, fsync everysec; what matters waits for the disk',
    });
  });

  it('is a failover, and min-replicas-to-write is advised as long as it is not set', () => {
    expect(find('Redis: replicas', {})).toBeUndefined();
    expect(find('Redis: replicas', { replicas: 2 })?.text).toMatch(/^2 connected; .*min-replicas-to-write 1/);
    expect(find('Redis: replicas', { replicas: 1, replicasMin: 1 })).toMatchObject({
      isOk: true,
      text: '1 connected; what matters waits for one of them',
    });
  });
});

it('refuses a Redis that may forget unless that was accepted', () => {
  const check = { warnings: [], mayForget: 'It forgets.' };
  expect(() => assertDurable(check, 'durable')).toThrow('It forgets.');
  expect(() => assertDurable(check, 'relaxed')).not.toThrow();
  expect(() => assertDurable({ ...check, mayForget: undefined }, 'durable')).not.toThrow();
});
