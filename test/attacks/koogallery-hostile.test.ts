/**
 * Every call of every generation, spoilt in every way, over sockets of its own to the receiver as a process: the documented
 * code, signed, and nothing in Redis but the line of the audit.
 */
import { describe, expect, it, onTestFinished } from 'vitest';
import { channelKeys, KNOWN_CHANNELS } from '../../src/koogallery/keys.ts';
import { isV1 } from '../../src/koogallery/protocol/answer-problems.ts';
import { verifyBodySign } from '../../src/koogallery/protocol/body-sign.ts';
import { GENERATIONS, type Generation } from '../../src/koogallery/protocol/intent.ts';
import { connectRedis, type RedisClient } from '../../src/redis/connect.ts';
import { SimulatedMarketplace } from '../../src/sandbox/koogallery/marketplace.ts';
import type { Message, Step } from '../../src/sandbox/koogallery/message.ts';
import { messageOf, stepsOf } from '../../src/sandbox/koogallery/messages.ts';
import { signCall, type Variation } from '../../src/sandbox/koogallery/sign-call.ts';
import { freePort } from '../../src/sandbox/local-redis.ts';
import { makeChannelsFile } from '../support/koogallery/channels-file.ts';
import { KEY, KIT_KEY, makeOpenChannel, PREVIOUS_KEY } from '../support/koogallery/marketplace.ts';
import { type RawOptions, sendRaw } from '../support/koogallery/raw-call.ts';
import { startProgram } from '../support/programs.ts';
import { startSingleRedis } from '../support/redis-servers.ts';

const MINUTE_MS = 60_000;
const BYTES_MAX = 65_536;

interface Attack {
  name: string;
  code: string;
  variation: Variation;
  raw?: RawOptions;
}

/** One after the other; those with a nonce belong together. */
function attacksOn(generation: Generation, { entrance, requires }: Message): Attack[] {
  const refused = (name: string, variation: Variation, raw: RawOptions = {}): Attack => ({
    ...{ name, code: '000001', variation, raw },
  });
  const unfit = (name: string, variation: Variation): Attack => ({ name, code: '000002', variation });
  const isUnsignedBody = entrance === 'KIT' && isV1(generation);
  const all = [
    refused('a foreign key', { key: 'foreign' }),
    refused('no signature', { signature: 'missing' }),
    refused('changed after signing', { signature: 'tampered' }),
    refused('another method', {}, { method: 'PUT' }),
    unfit('a field is missing', { without: [requires] }),
    unfit('far too long', { fields: { [requires]: 'x'.repeat(2_000) } }),
  ];
  if (entrance === 'GET') return [...all, unfit('a parameter twice', { twiceInQuery: requires })];
  const bodies = [
    unfit('another type', { fields: { [requires]: [{}] } }),
    unfit('a name twice', { twiceInBody: requires }),
    unfit('oversized', { fields: { probeLarge: 'x'.repeat(BYTES_MAX) } }),
  ];
  if (isUnsignedBody) return [...all, ...bodies];
  const nonce = `${Math.random()}`.padEnd(32, '0');
  return [
    ...all,
    ...bodies,
    unfit('no JSON', { body: '{"activity":' }),
    unfit('a list', { body: '[]' }),
    unfit('nested too deeply', { body: `{"a":${'['.repeat(40)}${']'.repeat(40)}}` }),
    refused('long ago', { offsetMs: -MINUTE_MS - 5_000 }),
    refused('to come', { offsetMs: MINUTE_MS + 5_000 }),
    unfit('a nonce', { nonce, without: [requires] }),
    refused('the nonce again, with another body', { nonce }),
    ...(entrance === 'POST' ? [unfit('a parameter twice', { twiceInQuery: 'nonce' })] : []),
  ];
}

interface Target {
  endpoint: URL;
  generation: Generation;
  redis: RedisClient;
  slug: string;
}

async function startTarget(generation: Generation): Promise<Target> {
  const { url } = await startSingleRedis();
  const channel = makeOpenChannel({ generation });
  const port = await freePort();
  const own = { HTTP_PORT: String(port), REDIS_URL: url, LOG_LEVEL: 'fatal' };
  const variables = { ...(await makeChannelsFile(channel)), ...own };
  const program = startProgram({ environment: {} }, ['koogallery', 'serve'], variables);
  await program.says('/koogallery/', 'stdout');
  const redis = connectRedis(url, { waitsForever: true });
  onTestFinished(() => redis.disconnect());
  const endpoint = new URL(`http://127.0.0.1:${port}/koogallery/${channel.slug}`);
  return { endpoint, generation, redis, slug: channel.slug };
}

/** @returns the code, if everything about the answer is right */
async function attack(
  { endpoint, generation }: Target,
  step: Step,
  { variation, raw }: Omit<Attack, 'name'>,
) {
  const { activity, entrance, fields } = messageOf(generation, step);
  const marketplace = new SimulatedMarketplace({ endpoint, generation, keys: { current: KEY } });
  const occasion = {
    ...{ order: marketplace.placeOrder(), businessId: 'b', eventId: 'e', expireTime: '20990101000000' },
    seal: (text: string) => text,
  };
  const keys = { current: KEY, previous: PREVIOUS_KEY, kit: KIT_KEY };
  const terms = { generation, keys, isTest: false, nowMs: Date.now() };
  const call = signCall({ activity, entrance, fields: fields(occasion) }, terms, variation);
  const { status, headers, body } = await sendRaw(endpoint, call, raw);
  expect(status).toBe(200);
  const signed = { header: headers['Body-Sign'] ?? '', body };
  const isSigned = [KEY, KIT_KEY].some((key) => verifyBodySign(signed, { current: key }).valid);
  expect(isSigned, `${step} ${JSON.stringify(variation).slice(0, 80)}: ${body}`).toBe(true);
  return (JSON.parse(body) as { resultCode: string }).resultCode;
}

/** @param calls how many there were */
async function expectOnlyAudit({ redis, slug }: Target, calls: number): Promise<void> {
  const keys = channelKeys(slug);
  // The start of a receiver has named the channel.
  const audit = [keys.calls, keys.strangers, keys.counts, KNOWN_CHANNELS];
  for (const name of await redis.keys('*'))
    if (!name.startsWith(keys.nonce(''))) expect(audit).toContain(name);
  expect((await redis.xlen(keys.calls)) + (await redis.xlen(keys.strangers))).toBe(calls);
}

describe.each(GENERATIONS)('%s', (generation) => {
  it('answers what is spoilt with its code, signed, and keeps nothing but the audit', async () => {
    const target = await startTarget(generation);
    const came: string[] = [];
    const wanted: string[] = [];
    for (const step of stepsOf(generation))
      for (const { name, code, ...each } of attacksOn(generation, messageOf(generation, step))) {
        came.push(`${step}, ${name}: ${await attack(target, step, { code, ...each })}`);
        wanted.push(`${step}, ${name}: ${code}`);
      }
    expect(came).toEqual(wanted);
    await expectOnlyAudit(target, wanted.length);

    const slow = stepsOf(generation).filter((step) => messageOf(generation, step).entrance !== 'GET');
    const raw = { byteEveryMs: 200 };
    const codes = slow.map((step) => attack(target, step, { code: '000005', variation: {}, raw }));
    expect(new Set(await Promise.all(codes))).toEqual(new Set(['000005']));
    await expectOnlyAudit(target, wanted.length + slow.length);
  });
});
