/**
 * One attempt at a task: the seller's webhook is asked to do it, and its answer becomes the end of the attempt. Dying between
 * the answer and its record is harmless: the task is repeated under the same idempotency key.
 */
import { post } from '../../alibaba/post.ts';
import { addressesOf } from '../channels.ts';
import { isFormLink } from '../form/link.ts';
import type { JsonObject } from '../protocol/json.ts';
import { type Access, openAccess, sealAccess } from '../registry/access.ts';
import { readAccess } from './access-answer.ts';
import { type Attempt, endingOf, failed, lostToAnother } from './attempt.ts';
import { waitMs } from './backoff.ts';
import type { Begun } from './begin-task.ts';
import type { Ending } from './end-task.ts';
import { uploadLicense } from './issue-license.ts';
import { type OrderWay, resolveOrder } from './resolve-order.ts';
import { boundReason, readAnswer, type WebhookVerdict } from './webhook-answer.ts';
import { idempotencyKeyOf, signedRequest, webhookBody } from './webhook-request.ts';

/** Longest wait for a whole answer, in milliseconds. */
const ANSWER_MS_MAX = 20_000;
/** A webhook that still asks for patience after this has forgotten the task; in milliseconds. */
const PATIENCE_MS_MAX = 72 * 3_600_000;

export interface WebhookWay extends OrderWay {
  /** Longest wait for a whole answer that differs from the default, in milliseconds. */
  withinMs?: number | undefined;
  /** Milliseconds since 1970. */
  now(): number;
}

/** Never throws: what went wrong is in the ending. */
export async function workByWebhook(way: WebhookWay, attempt: Attempt): Promise<Ending> {
  const { begun } = attempt;
  try {
    const said = await ask(way, attempt);
    if (said.verdict === 'done') return await finish(way, attempt, said.answer);
    if (said.verdict === 'refused') return { outcome: 'refused', reason: said.reason };
    if (said.verdict === 'pending') return pending(begun, said, way.now());
    return failed(begun, said.reason, said.wantedMs);
  } catch (error) {
    return endingOf(begun, error);
  }
}

async function ask(way: WebhookWay, { begun, writes }: Attempt): Promise<WebhookVerdict> {
  const { channel, seal, proxy, withinMs = ANSWER_MS_MAX, now } = way;
  // It had a webhook when the task came, and has none now.
  if (channel.provision.kind !== 'webhook') return { verdict: 'done', answer: {} };
  // What Redis may still forget, the marketplace would ask for again under another id, and nobody would know the first.
  await writes.confirm();
  const resolved = await resolveOrder(way, begun);
  if (resolved === undefined) throw lostToAnother();
  const { task, instance } = resolved;
  const body = webhookBody({ channel, seal, instance, task });
  const idempotencyKey = idempotencyKeyOf(instance.id, task.version);
  const request = signedRequest(channel.provision, { body, idempotencyKey, now: now() });
  return readAnswer(await post(request, { proxy, withinMs }));
}

/** It is asked again, under the same key. */
function pending(
  { task }: Begun,
  { reason, wantedMs }: Extract<WebhookVerdict, { verdict: 'pending' }>,
  now: number,
): Ending {
  // A person who brings it back is patient once more.
  if (now - (task.retriedAt ?? task.firstTriedAt ?? task.at) > PATIENCE_MS_MAX)
    return { outcome: 'refused', reason: `not done after 72 hours: ${reason}` };
  const delayMs = waitMs({ count: task.attempts, isAlive: true, wantedMs });
  return { outcome: 'later', reason, delayMs, isAlive: true };
}

async function finish(way: WebhookWay, { begun, keeping }: Attempt, answer: JsonObject): Promise<Ending> {
  const { task, instance } = begun;
  if (task.type === 'license.issue') {
    // Whoever has begun it meanwhile uploads it.
    if (!keeping.isHeld()) throw lostToAnother();
    await uploadLicense(way, task, answer);
  }
  if (!task.type.startsWith('instance.')) return { outcome: 'done', set: {}, isReady: false };
  const { channel, seal } = way;
  const known = openAccess(seal, instance.access);
  const addressed = withoutForm(channel, instance.id, known);
  const read = readAccess(answer, addressed, channel);
  // It may be mended meanwhile, and knows the task by its key.
  if (!read.ok) return failed(begun, boundReason(`the answer cannot be used: ${read.problem}`));
  const access = read.access ?? (addressed === known ? undefined : addressed);
  const set: Record<string, string> = access === undefined ? {} : { access: sealAccess(seal, access) };
  return { outcome: 'done', set, isReady: task.type === 'instance.create' };
}

/** Where the channel registered with Chat App before, buyers were led to a form that nobody serves any more. */
function withoutForm(channel: WebhookWay['channel'], id: string, known: Access): Access {
  if (!isFormLink(channel, id, known.frontEndUrl)) return known;
  const { frontEndUrl: _form, ...others } = known;
  return { ...others, ...addressesOf(channel, id) };
}
