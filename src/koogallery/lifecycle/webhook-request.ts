/**
 * What the seller's provisioning webhook is sent for a task: the same bytes at each repetition, but for the signature. Pure
 * but for the opening of sealed texts.
 */
import { createHmac } from 'node:crypto';
import type { PostRequest } from '../../alibaba/post.ts';
import type { OpenChannel } from '../channels.ts';
import type { Instance } from '../registry/instance-record.ts';
import type { Task } from '../registry/task-record.ts';
import type { Seal } from '../seal.ts';
import { unsealed } from './unsealed.ts';

export interface WebhookWork {
  channel: Pick<OpenChannel, 'slug'>;
  seal: Seal;
  instance: Instance;
  task: Task;
}

const isoOf = (at: number) => new Date(at).toISOString();

/** Names a task for ever: whoever has done it once must not do it again. */
export function idempotencyKeyOf(instanceId: string, version: number): string {
  return `${instanceId}:${version}`;
}

/** JSON. Personal data is in the clear: the webhook is the seller's own. */
export function webhookBody({ channel, seal, instance, task }: WebhookWork): string {
  const { productId, skuCode, expireAt } = task;
  const order = orderOf({ seal, instance, task });
  return JSON.stringify({
    type: task.type,
    id: idempotencyKeyOf(instance.id, task.version),
    channel: channel.slug,
    instanceId: instance.id,
    version: task.version,
    ...(expireAt !== undefined && { expireAt: isoOf(expireAt) }),
    ...(order !== undefined && { order }),
    ...((productId ?? skuCode) !== undefined && { product: { productId, skuCode } }),
    ...(instance.buyer && { buyer: unsealed(seal, instance.buyer) }),
    /** What the call that led to this said. */
    fields: unsealed(seal, task.fields),
    at: isoOf(task.at),
  });
}

/** The one that the task is about where it is known, else the one that the instance came from. */
function orderOf({ seal, instance, task }: Omit<WebhookWork, 'channel'>): unknown {
  if (task.order !== undefined) return unsealed(seal, JSON.parse(task.order));
  const { order, orderId, orderLineId } = instance;
  if ((orderId ?? order) === undefined) return undefined;
  return { ...(unsealed(seal, order ?? {}) as object), orderId, orderLineId };
}

export interface WebhookPlace {
  url: string;
  secret: string;
}

/** @param now milliseconds since 1970 */
export function signedRequest(
  { url, secret }: WebhookPlace,
  { body, idempotencyKey, now }: { body: string; idempotencyKey: string; now: number },
): PostRequest {
  const seconds = Math.floor(now / 1_000);
  const signature = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
  return {
    url,
    body,
    headers: {
      'idempotency-key': idempotencyKey,
      'onboard-signature': `t=${seconds},v1=${signature}`,
      'user-agent': 'isv-onboarding',
    },
  };
}
