import { expect, it } from 'vitest';
import { channelKeys } from '../../../src/koogallery/keys.ts';
import { type CallFacts, noteCall } from '../../../src/koogallery/registry/note-call.ts';
import { readInstance } from '../../../src/koogallery/registry/read-instance.ts';
import { creation, doChange, makeChannel, wish } from '../../support/koogallery/registry.ts';

const CODES = { code: '000000', replayed: '000001' };

const call = (more: Partial<CallFacts> = {}): CallFacts => ({
  activity: 'queryInstance',
  isTest: false,
  line: { instanceId: 'i' },
  ...more,
});

it('does not obey a call again that comes with the nonce and payload of an earlier one', async () => {
  const channel = makeChannel();
  await doChange(channel, creation('i'));
  const frozen = { call: { nonce: 'n1', digest: 'd1' } };
  expect((await doChange(channel, wish('freeze', 'i'), frozen)).verdict).toBe('accepted');
  await doChange(channel, wish('unfreeze', 'i'), { call: { nonce: 'n2', digest: 'd2' } });
  const again = await doChange(channel, wish('freeze', 'i'), frozen);
  expect(again).toMatchObject({ verdict: 'repeated', code: '000000', id: 'i' });
  expect(await readInstance(channel, 'i')).toMatchObject({ wanted: 'active', version: 3 });
});

it('refuses a nonce that comes with another payload', async () => {
  const channel = makeChannel();
  await doChange(channel, creation('i'), { call: { nonce: 'n', digest: 'd1' } });
  const other = await doChange(channel, wish('release', 'i'), { call: { nonce: 'n', digest: 'd2' } });
  expect(other).toMatchObject({ verdict: 'replayed', code: '000001', id: '' });
  expect(await noteCall(channel, call({ nonce: 'n', digest: 'd3' }), CODES)).toBe('000001');
  expect(await readInstance(channel, 'i')).toMatchObject({ wanted: 'active' });
  const ttl = await channel.redis.pttl(channelKeys(channel.slug).nonce('n'));
  expect(ttl).toBeGreaterThan(170_000);
});

it('keeps a line of every call, its count, and the last debug call that succeeded', async () => {
  const channel = makeChannel();
  const { calls, counts, probes } = channelKeys(channel.slug);
  await noteCall(channel, call(), CODES);
  await noteCall(channel, call({ isTest: true }), CODES);
  await noteCall(channel, call({ isTest: true }), { ...CODES, code: '000002' });
  await doChange(channel, creation('i'), { call: { activity: 'newInstance' } });
  const lines = (await channel.redis.xrange(calls, '-', '+')).map(([, line]) => line.join(' '));
  expect(lines).toEqual([
    'code 000000 activity queryInstance instanceId i',
    'code 000000 activity queryInstance test 1 instanceId i',
    'code 000002 activity queryInstance test 1 instanceId i',
    'code 000000 activity newInstance verdict accepted instance i version 1',
  ]);
  expect(await channel.redis.hgetall(counts)).toEqual({
    'queryInstance:000000': '1',
    'queryInstance:000000:test': '1',
    'queryInstance:000002:test': '1',
    'newInstance:000000': '1',
  });
  expect(Object.keys(await channel.redis.hgetall(probes))).toEqual(['queryInstance']);
});

it('keeps the calls of strangers apart', async () => {
  const channel = makeChannel();
  const { calls, strangers } = channelKeys(channel.slug);
  await noteCall(channel, call({ activity: 'unverified', isStranger: true }), { ...CODES, code: '000001' });
  expect(await channel.redis.xlen(calls)).toBe(0);
  expect(await channel.redis.xlen(strangers)).toBe(1);
});

it('drops lines that are older than 90 days', async () => {
  const channel = makeChannel();
  const { calls } = channelKeys(channel.slug);
  const old = Date.now() - 91 * 86_400_000;
  // Redis drops whole nodes of a stream, which have a hundred entries.
  const before = Array.from({ length: 300 }, (_, index) => `${old + index}-0`);
  await Promise.all(before.map((id) => channel.redis.xadd(calls, id, 'a', 'b')));
  await noteCall(channel, call(), CODES);
  expect(await channel.redis.xlen(calls)).toBe(1);
});
