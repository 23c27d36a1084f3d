/** Calls of the marketplace, signed, on a receiver without a port; what is answered is checked as the marketplace does. */
import { randomUUID } from 'node:crypto';
import Fastify, { type FastifyInstance } from 'fastify';
import { expect, onTestFinished } from 'vitest';
import { addKooGallery } from '../../../src/http/koogallery/routes.ts';
import type { OpenChannel } from '../../../src/koogallery/channels.ts';
import { authToken, kitAuthToken } from '../../../src/koogallery/protocol/auth-token.ts';
import { verifyBodySign } from '../../../src/koogallery/protocol/body-sign.ts';
import { kitSignature, v2Signature } from '../../../src/koogallery/protocol/body-signature.ts';
import type { JsonObject } from '../../../src/koogallery/protocol/json.ts';
import { writeQuery } from '../../../src/koogallery/protocol/query.ts';
import { formatUtc17 } from '../../../src/koogallery/protocol/time.ts';
import { Receiver, type ReceiverOptions } from '../../../src/koogallery/receiver/receiver.ts';
import type { ChannelAccess } from '../../../src/koogallery/registry/scripts.ts';
import { createLogger } from '../../../src/logger.ts';
import type { RedisClient } from '../../../src/redis/connect.ts';
import { Durable } from '../../../src/redis/durable.ts';
import { connectTestRedis, uniqueName } from '../redis.ts';

export const KEY = '00000000-1111-2222-3333-444444444444';
export const PREVIOUS_KEY = '99999999-1111-2222-3333-444444444444';
export const KIT_KEY = 'kit-key';
export const GENERIC_KEY = 'generic-key';

export interface Marketplace {
  app: FastifyInstance;
  access: ChannelAccess;
  channel: OpenChannel;
  /** V2.0: a signed POST. */
  post(body: JsonObject | string, more?: PostOptions): Promise<MarketplaceAnswer>;
  /** V1.0: a signed GET. */
  get(params: Record<string, string>, more?: { key?: string; suffix?: string }): Promise<MarketplaceAnswer>;
  kit(
    activity: string,
    body: JsonObject,
    more?: { version?: 1 | 2; key?: string },
  ): Promise<MarketplaceAnswer>;
}

export interface PostOptions {
  key?: string;
  nonce?: string;
  timestamp?: string;
  /** Behind the parameters of the signature. */
  suffix?: string;
}

export interface MarketplaceAnswer {
  code: string;
  // biome-ignore lint/suspicious/noExplicitAny: the shapes are what the tests are about.
  json: any;
  body: string;
  /** Which key has signed it. */
  signedBy: 'current' | 'previous' | 'kit' | 'generic';
}

export function makeOpenChannel(changes: Partial<OpenChannel> = {}): OpenChannel {
  return {
    ...{ slug: uniqueName(), generation: 'saas-v2', site: 'cn', chargingModes: ['period'] },
    keys: { current: KEY, previous: PREVIOUS_KEY, kit: KIT_KEY },
    sealKeys: ['seal'],
    frontEndUrl: 'https://app.example/i/{instanceId}',
    provision: { kind: 'webhook', url: 'https://seller.example/hook', secret: 's' },
    ...changes,
  };
}

interface Setting {
  channel?: Partial<OpenChannel>;
  redis?: RedisClient;
  options?: Partial<ReceiverOptions>;
}

export async function openMarketplace({
  channel: changes,
  redis = connectTestRedis(),
  options,
}: Setting = {}): Promise<Marketplace> {
  const channel = makeOpenChannel(changes);
  const durable = new Durable(redis);
  onTestFinished(() => durable.close());
  const receiver = new Receiver({
    ...{ channel, redis, durable, durability: 'durable', logger: createLogger('silent') },
    ...{ now: Date.now, usageOf: async () => [], ...options },
  });
  const app = Fastify({ logger: false });
  onTestFinished(() => app.close());
  await addKooGallery(app, { receivers: [receiver], basePath: '' });
  return { app, access: { redis, slug: channel.slug }, channel, ...callsOn(app, channel) };
}

export function callsOn(app: FastifyInstance, channel: OpenChannel, basePath = '') {
  const at = `${basePath}/koogallery/${channel.slug}`;
  const post: Marketplace['post'] = async (body, more = {}) => {
    const { headers, payload, query } = signPost(body, more);
    return read(await app.inject({ method: 'POST', url: `${at}?${query}`, headers, payload }));
  };
  const get: Marketplace['get'] = async (params, { key = KEY, suffix = '' } = {}) =>
    read(await app.inject({ method: 'GET', url: `${at}?${signGet(params, key)}${suffix}` }));
  const kit: Marketplace['kit'] = async (activity, body, { version = 2, key = KIT_KEY } = {}) => {
    const payload = JSON.stringify(body);
    const headers = {
      'content-type': 'application/json;charset=utf8',
      ...signKit(payload, { version, key }),
    };
    const url = `${at}/produceAPI/${version === 2 ? 'v2/' : ''}${activity}`;
    return read(await app.inject({ method: 'POST', url, headers, payload }));
  };
  return { post, get, kit };
}

export function signPost(body: JsonObject | string, more: PostOptions = {}) {
  const { key = KEY, nonce = randomUUID(), timestamp = String(Date.now()), suffix = '' } = more;
  const payload = typeof body === 'string' ? body : JSON.stringify(body);
  const signature = v2Signature(key, { nonce, timestamp, payload }).toUpperCase();
  const query = `${writeQuery({ signature, timestamp, nonce })}${suffix}`;
  return { query, payload, headers: { 'content-type': 'application/json;charset=utf8' } };
}

export function signGet(params: Record<string, string>, key: string): string {
  const all = { timeStamp: formatUtc17(new Date()), ...params };
  return writeQuery({ ...all, authToken: authToken(key, all) });
}

function signKit(payload: string, { version, key }: { version: 1 | 2; key: string }): Record<string, string> {
  if (version === 1) return { authtoken: kitAuthToken(key, JSON.parse(payload)) };
  const [nonce, timestamp] = [randomUUID(), String(Date.now())];
  const sign = kitSignature(key, { nonce, timestamp, payload });
  return { 'x-sign': sign, 'x-nonce': nonce, 'x-timestamp': timestamp };
}

interface Response {
  statusCode: number;
  headers: Record<string, unknown>;
  body: string;
}

/** Whatever was answered, it must be an answer: status, type, signature, code and message. */
export function read({ statusCode, headers, body }: Response): MarketplaceAnswer {
  expect(statusCode).toBe(200);
  expect(headers['content-type']).toBe('application/json; charset=utf-8');
  expect(body).toMatch(/^[\x20-\x7e]+$/);
  const header = String(headers['body-sign'] ?? headers['Body-Sign']);
  const signed = verifyBodySign({ header, body }, { current: KEY, previous: PREVIOUS_KEY });
  const isBy = (current: string) => verifyBodySign({ header, body }, { current }).valid;
  const other = isBy(KIT_KEY) ? 'kit' : 'generic';
  expect(signed.valid || isBy(KIT_KEY) || isBy(GENERIC_KEY)).toBe(true);
  const json = JSON.parse(body);
  expect(json).toMatchObject({ resultCode: expect.stringMatching(/^\d{6}$/), resultMsg: expect.any(String) });
  return { code: json.resultCode, json, body, signedBy: signed.valid ? signed.key : other };
}
