/** A seller's provisioning webhook on this machine, which checks signatures with the Web's interface, not with our code. */
import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { expect, onTestFinished } from 'vitest';
import type { OpenChannel } from '../../../src/koogallery/channels.ts';
import { InstanceWork } from '../../../src/koogallery/lifecycle/instance-work.ts';
import { workByWebhook } from '../../../src/koogallery/lifecycle/webhook-work.ts';
import { OrderCache } from '../../../src/koogallery/openapi/order-cache.ts';
import { readTasks } from '../../../src/koogallery/registry/read-instance.ts';
import type { ChannelAccess } from '../../../src/koogallery/registry/scripts.ts';
import { sealOf } from '../../../src/koogallery/seal.ts';
import { createLogger } from '../../../src/logger.ts';
import { Durable } from '../../../src/redis/durable.ts';
import { hmacOf, type Received, startReceiver } from '../receiver.ts';

export const SECRET = 'a secret that only the webhook knows';
const SIGNATURE = /^t=(\d{10}),v1=([0-9a-f]{64})$/;

export interface WebhookCall {
  type: string;
  version: number;
  body: Record<string, unknown>;
  raw: string;
  key: string;
}

export type WebhookAnswer = (call: WebhookCall, response: ServerResponse) => void;

export const answerJson =
  (status: number, answer: object = {}, headers: Record<string, string> = {}): WebhookAnswer =>
  (_call, response) => {
    response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(JSON.stringify(answer));
  };

/** @param answer may be changed between two calls */
export async function startWebhook(answer: WebhookAnswer = answerJson(200)) {
  const calls: WebhookCall[] = [];
  const how = { answer };
  const server = await startReceiver((response, received) => {
    const call = callOf(received);
    calls.push(call);
    how.answer(call, response);
  });
  return { url: `${server.origin}/provision`, calls, how, received: server.received };
}

/** Whether each call was signed as the specification says, when it was made, under the key of its task. */
export async function expectSigned(received: readonly Received[]): Promise<void> {
  for (const { headers, body, at } of received) {
    const [, seconds = '', digest] = SIGNATURE.exec(String(headers['onboard-signature'])) ?? [];
    expect(digest).toBe(await hmacOf(SECRET, `${seconds}.${body}`, 'hex'));
    expect(Math.abs(at / 1_000 - Number(seconds))).toBeLessThan(30);
    const { instanceId, version, id } = JSON.parse(body);
    expect(headers['idempotency-key']).toBe(`${instanceId}:${version}`);
    expect(id).toBe(`${instanceId}:${version}`);
  }
}

export function channelOf(slug: string, url: string, more: Partial<OpenChannel> = {}): OpenChannel {
  return {
    ...{ slug, generation: 'saas-v2', site: 'cn', chargingModes: ['period'] },
    keys: { current: randomBytes(16).toString('hex') },
    sealKeys: ['x'.repeat(32)],
    frontEndUrl: 'https://app.example.com/{instanceId}',
    provision: { kind: 'webhook', url, secret: SECRET },
    ...more,
  };
}

interface WorkOptions {
  channel: OpenChannel;
  withinMs?: number;
  holdMs?: number;
  stopping?: AbortSignal;
  now?: () => number;
  durability?: 'durable' | 'relaxed';
  /** Longest wait for disk or replica, in milliseconds. */
  waitMs?: number;
}

export function workOf(access: ChannelAccess, options: WorkOptions) {
  const { channel, withinMs, holdMs, stopping, now, durability, waitMs = 5_000 } = options;
  const durable = new Durable(access.redis, { waitMs });
  onTestFinished(() => durable.close());
  const way = {
    access,
    channel,
    seal: sealOf(channel),
    proxy: undefined,
    withinMs,
    now: now ?? Date.now,
    orders: new OrderCache(),
  };
  return new InstanceWork({
    ...{ durable, durability: durability ?? 'relaxed' },
    access,
    work: (attempt) => workByWebhook(way, attempt),
    logger: createLogger('silent'),
    stopping: stopping ?? new AbortController().signal,
    holdMs,
  });
}

/**
 * The instance `i` is worked on, and its first task then waits: from a moment in between on, however long it took.
 * @returns the task
 */
export async function expectWait(
  { access, work }: { access: ChannelAccess; work: Pick<InstanceWork, 'workOn'> },
  seconds: number,
) {
  const from = Date.now();
  await work.workOn('i');
  const [task] = await readTasks(access, 'i');
  const begun = (task?.nextAt ?? 0) - seconds * 1_000;
  expect(begun).toBeGreaterThanOrEqual(from);
  expect(begun).toBeLessThanOrEqual(Date.now());
  return task;
}

function callOf({ headers, body }: Received): WebhookCall {
  const parsed = JSON.parse(body);
  return {
    ...{ type: parsed.type, version: parsed.version, body: parsed },
    ...{ raw: body, key: String(headers['idempotency-key']) },
  };
}
