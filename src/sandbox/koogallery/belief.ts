/** What the marketplace believes of an order, out of the answers that it took for a success. Pure. */
import { isV1 } from '../../koogallery/protocol/answer-problems.ts';
import type { Generation } from '../../koogallery/protocol/intent.ts';
import { isJsonObject, type JsonObject } from '../../koogallery/protocol/json.ts';
import { isSuccess } from '../../koogallery/protocol/result-codes.ts';
import { decryptField } from '../../koogallery/protocol/sensitive-field.ts';
import type { Message, SampleOrder, Step } from './message.ts';

export type BelievedState = 'ordered' | 'opening' | 'active' | 'frozen' | 'released' | 'cancelled';

/** Access data in plain text. */
export type Access = Readonly<Record<string, string>>;

export interface BelievedOrder extends SampleOrder {
  state: BelievedState;
  /** Of the last renewal that was new. */
  expireAt?: Date;
  /** Renewals that were taken. */
  events: Set<string>;
}

/** Something that happens once to an order, however often its call is sent. */
export interface MarketEvent {
  step: Step;
  eventId: string;
  expireAt: Date;
}

export interface Answered {
  event: MarketEvent;
  message: Message;
  generation: Generation;
  answer: JsonObject | undefined;
  now: Date;
}

export function isTaken({ message, generation, answer }: Omit<Answered, 'event' | 'now'>): boolean {
  const code = answer?.resultCode;
  return typeof code === 'string' && isSuccess(code, { intent: message.intent, isV2: !isV1(generation) });
}

/** Changes the order by what an answer means. A released order stays so. */
export function learn(order: BelievedOrder, answered: Answered): void {
  const { event, answer } = answered;
  if (!isTaken(answered) || answer === undefined) return;
  if (event.step === 'create') learnInstance(order, answer);
  if (event.step === 'release') order.state = 'released';
  if (order.state === 'released' || order.state === 'cancelled') return;
  if (event.step === 'query' && order.state === 'opening') order.state = 'active';
  if (event.step === 'freeze' || event.step === 'expire') order.state = 'frozen';
  if (event.step === 'unfreeze' && order.state === 'frozen') order.state = 'active';
  if (event.step === 'refresh') learnRenewal(order, answered);
}

function learnInstance(order: BelievedOrder, { instanceId, resultCode }: JsonObject): void {
  if (order.state !== 'ordered') return;
  if (typeof instanceId === 'string') order.instanceId = instanceId;
  order.state = resultCode === '000000' ? 'active' : 'opening';
}

function learnRenewal(order: BelievedOrder, { event, now }: Answered): void {
  if (order.events.has(event.eventId)) return;
  order.events.add(event.eventId);
  order.expireAt = event.expireAt;
  if (order.state === 'frozen' && event.expireAt > now) order.state = 'active';
}

/** The access data of an answer to a V1.0 create; undefined if it has none, or they cannot be decrypted. */
export function accessOf(answer: JsonObject | undefined, key: string): Access | undefined {
  const { appInfo, encryptType } = answer ?? {};
  if (!isJsonObject(appInfo)) return undefined;
  const access: Record<string, string> = {};
  for (const [name, value] of Object.entries(appInfo)) {
    const isSecret = name === 'userName' || name === 'password';
    const text =
      isSecret && typeof value === 'string' && value !== ''
        ? decryptField({ key, encryptType: encryptType === '2' ? '2' : '1' }, value)
        : value;
    if (typeof text !== 'string') return undefined;
    access[name] = text;
  }
  return access;
}
