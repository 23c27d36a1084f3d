/** Addresses, certificates, answers and clocks, as facts: what is said of them. */
import { describe, expect, it } from 'vitest';
import { checkPublic, judgeAddress } from '../../../src/koogallery/check/address.ts';
import { judgeClock } from '../../../src/koogallery/check/clocks.ts';
import { confirmationsFor } from '../../../src/koogallery/check/confirmations.ts';
import { judgeTls } from '../../../src/koogallery/check/judge-tls.ts';
import type { TlsFacts } from '../../../src/koogallery/check/look-at-tls.ts';
import { judgeSample, type Sample } from '../../../src/koogallery/check/sample.ts';
import { levelsOf } from '../../support/koogallery/checks.ts';
import { makeOpenChannel } from '../../support/koogallery/marketplace.ts';

const DAY = 86_400_000;
const NOW = Date.parse('2026-08-20T04:00:00Z');
const HOST = 'shop.example.com';

describe('an address', () => {
  it.each([
    ['https://shop.example.com/koogallery/shop', 'ok'],
    ['http://shop.example.com/koogallery/shop', 'bad'],
    ['https://203.0.113.7/koogallery/shop', 'bad'],
    ['https://[2001:db8::1]/koogallery/shop', 'bad'],
    ['https://localhost/koogallery/shop', 'bad'],
    ['https://shop.example.com/koogallery/shop?key=1', 'bad'],
    ['https://me:secret@shop.example.com/', 'bad'],
  ])('%s is %s', (text, level) => {
    const finding = judgeAddress('shop', new URL(text));
    expect(levelsOf([finding])).toEqual({ address: level });
    expect(JSON.stringify(finding)).not.toContain('secret');
  });

  it.each([
    ['203.0.113.7', 'ok'],
    ['10.1.2.3', 'note'],
    ['127.0.0.1', 'note'],
    ['::1', 'note'],
    ['2001:db8::1', 'ok'],
  ])('that leads to %s is %s', async (address, level) => {
    const lookup = async () => [{ address, family: 4 }];
    expect(levelsOf([await checkPublic('shop', new URL(`https://${HOST}`), lookup)])).toEqual({
      address_public: level,
    });
  });

  it('whose name nobody knows leads nowhere', async () => {
    const lookup = () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }));
    expect(await checkPublic('shop', new URL(`https://${HOST}`), lookup)).toMatchObject({
      ...{ isOk: false, text: 'nowhere: ENOTFOUND' },
    });
  });
});

describe('a certificate', () => {
  const facts = (days: number, life: number): TlsFacts => ({
    ...{ isOfHost: true, distrust: undefined, offersHttp2: false },
    versions: { TLSv1: 'refused', 'TLSv1.1': 'refused', 'TLSv1.2': 'offered', 'TLSv1.3': 'offered' },
    chain: [{ subject: HOST, issuer: 'ca', from: NOW - (life - days) * DAY, to: NOW + days * DAY }],
  });

  it.each([
    [31, 365, 'ok'],
    [29, 365, 'note'],
    // Renewed by a program in the last third of its life.
    [31, 90, 'ok'],
    [16, 47, 'ok'],
    [15, 47, 'note'],
    [0, 365, 'bad'],
    [-1, 365, 'bad'],
  ])('with %i days left of %i is %s', (days, life, level) => {
    expect(levelsOf(judgeTls(HOST, facts(days, life), NOW))).toMatchObject({ certificate_days: level });
  });

  it('is not refused for what this machine could not ask', () => {
    const { versions, ...rest } = facts(100, 365);
    const judged = judgeTls(HOST, { ...rest, versions: { ...versions, TLSv1: 'unknown' } }, NOW);
    expect(levelsOf(judged)).toMatchObject({ tls_versions: 'note', certificate_chain: 'ok' });
  });
});

describe('answers', () => {
  const sample = (more: Partial<Sample> = {}): Sample => ({
    elapsedMs: Array.from({ length: 20 }, (_, n) => n + 1),
    ...{ failures: [], codes: Array(20).fill('000002'), complaints: [], date: undefined, ...more },
  });

  it('in order are told with how long they took', () => {
    const judged = judgeSample('shop', sample(), 20);
    expect(new Set(Object.values(levelsOf(judged)))).toEqual(new Set(['ok']));
    expect(judged.find(({ code }) => code === 'latency')?.text).toMatch(/^p50 10 ms, p99 20 ms of 20/);
  });

  it.each([
    [{ elapsedMs: [1, 1_001] }, { latency: 'note' }],
    [{ elapsedMs: [1, 5_001] }, { latency: 'bad' }],
    [{ failures: ['the connection broke'] }, { answers: 'bad' }],
    [{ elapsedMs: [], failures: ['no answer'] }, { answers: 'bad' }],
    [{ codes: ['000002', '000001'] }, { receiver: 'bad' }],
    [{ codes: ['000005'] }, { receiver: 'bad' }],
    [{ codes: [''] }, { receiver: 'bad' }],
  ])('that are %j are %j', (more, levels) => {
    expect(levelsOf(judgeSample('shop', sample(more), 20))).toMatchObject(levels);
  });

  it('that this Redis knows nothing of come from somebody else', () => {
    expect(levelsOf(judgeSample('shop', sample(), 3))).toMatchObject({ receiver: 'bad' });
    expect(levelsOf(judgeSample('shop', sample(), undefined))).toMatchObject({ receiver: 'ok' });
  });
});

it.each([
  [0, 'ok'],
  [29_000, 'ok'],
  [-31_000, 'note'],
  [61_000, 'bad'],
  [-61_000, 'bad'],
])('a clock that is off by %i ms is %s', (offMs, level) => {
  expect(levelsOf([judgeClock('shop', 'Redis', offMs)])).toEqual({ clock: level });
});

it('asks a person only what matters to the channels', () => {
  const codesOf = (...channels: Parameters<typeof makeOpenChannel>[0][]) =>
    confirmationsFor(channels.map(makeOpenChannel)).map(({ code }) => code);
  expect(codesOf({ generation: 'license-v1', keys: { current: 'k' } })).toEqual([
    ...['keys_bound', 'address_registered', 'answer_time', 'v1_details', 'expire_license'],
  ]);
  expect(codesOf({ generation: 'saas-v2' })).toContain('kit_fields');
  const both = codesOf({ generation: 'saas-v1' }, { generation: 'license-v1' });
  expect(new Set(both).size).toBe(both.length);
});
