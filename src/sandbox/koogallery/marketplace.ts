/**
 * The marketplace's calling side: it takes orders, sends the calls that follow from them, sends them again at the
 * documented cadence, and remembers what it was told. It calls any seller's endpoint; it knows nothing of ours.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Generation } from '../../koogallery/protocol/intent.ts';
import { isJsonObject, type JsonObject, parseJson } from '../../koogallery/protocol/json.ts';
import { encryptField } from '../../koogallery/protocol/sensitive-field.ts';
import { formatUtc14, formatUtc17 } from '../../koogallery/protocol/time.ts';
import { type BelievedOrder, isTaken, learn, type MarketEvent } from './belief.ts';
import { cadenceOf } from './cadence.ts';
import type { Message, SampleOrder, Step } from './message.ts';
import { messageOf } from './messages.ts';
import { type Outcome, type SendOptions, sendCall } from './send-call.ts';
import { type ProbeKeys, signCall, type Variation, type WireCall } from './sign-call.ts';

/** What both sides have agreed on. */
export interface SellerTerms {
  generation: Generation;
  keys: ProbeKeys;
}

export interface MarketplaceTerms extends SellerTerms, SendOptions {
  /** Without query. */
  endpoint: URL;
  /** By what waiting times are multiplied; default 1. */
  timeScale?: number;
  /** How its orders are called; default `CS`. */
  orderPrefix?: string;
}

/** A call with what came of it. */
export interface Exchange {
  event: MarketEvent;
  message: Message;
  order: SampleOrder;
  isTest: boolean;
  variation: Variation;
  call: WireCall;
  outcome: Outcome;
  /** The body, if it is a JSON object. */
  answer: JsonObject | undefined;
  isTaken: boolean;
}

export interface CallOptions {
  isTest?: boolean;
  variation?: Variation;
}

const DAY_MS = 86_400_000;

export class SimulatedMarketplace {
  readonly terms: MarketplaceTerms;
  /** By order id. */
  readonly orders = new Map<string, BelievedOrder>();
  /** Calls that were sent. */
  calls = 0;
  /** Those of them that were not taken for a success. */
  failures = 0;
  #events = 0;

  constructor(terms: MarketplaceTerms) {
    this.terms = terms;
  }

  /** Somebody buys; nothing is sent yet. License 2.0 is active at once, because the marketplace issues it. */
  placeOrder(): BelievedOrder {
    const { generation, orderPrefix = 'CS' } = this.terms;
    const orderId = `${orderPrefix}${randomUUID().replaceAll('-', '').slice(0, 20).toUpperCase()}`;
    const order: BelievedOrder = {
      ...{ orderId, orderLineId: `${orderId}-000001`, productId: '00301-666666-0--0', skuCode: 'sku-probe' },
      ...{ customerId: randomUUID().replaceAll('-', ''), customerName: 'probe 云商店' },
      ...{ instanceId: randomUUID(), license: `PL${randomUUID().replaceAll('-', '').toUpperCase()}` },
      state: generation === 'license-v2' ? 'active' : 'ordered',
      events: new Set(),
    };
    this.orders.set(orderId, order);
    return order;
  }

  /** A new one of its kind. Each renewal ends later than the one before. */
  event(step: Step): MarketEvent {
    this.#events += 1;
    const expireAt = new Date(Math.floor(Date.now() / 1000) * 1000 + (365 + this.#events) * DAY_MS);
    return { step, eventId: `${this.terms.orderPrefix ?? 'CS'}${randomUUID().slice(0, 18)}`, expireAt };
  }

  /** Sends one call, once. Debug calls teach nothing. */
  async call(order: BelievedOrder, event: MarketEvent, options: CallOptions = {}): Promise<Exchange> {
    const { isTest = false, variation = {} } = options;
    const { endpoint, generation, keys } = this.terms;
    const message = messageOf(generation, event.step);
    const { activity, entrance } = message;
    const expireTime = (variation.digits === 17 ? formatUtc17 : formatUtc14)(event.expireAt);
    const seal = (text: string) => encryptField({ key: keys.current, encryptType: '1' }, text);
    const occasion = { order, businessId: randomUUID(), eventId: event.eventId, expireTime, seal };
    const unsigned = { activity, entrance, fields: message.fields(occasion) };
    const call = signCall(unsigned, { generation, keys, isTest, nowMs: Date.now() }, variation);
    this.calls += 1;
    const outcome = await sendCall(endpoint, call, this.terms);
    const answer = readAnswer(outcome);
    const known = { ...order };
    const isGood = isTaken({ message, generation, answer });
    if (!isGood) this.failures += 1;
    if (!isTest) learn(order, { event, message, generation, answer, now: new Date() });
    return { event, message, order: known, isTest, variation, call, outcome, answer, isTaken: isGood };
  }

  /**
   * Sends a call until it succeeds or the marketplace would give up. An order whose create never succeeds is cancelled.
   * @returns the last exchange
   */
  async deliver(order: BelievedOrder, event: MarketEvent, options: CallOptions = {}): Promise<Exchange> {
    const { tries } = cadenceOf(this.terms.generation, event.step);
    let last = await this.call(order, event, options);
    for (let made = 1; made < tries && !last.isTaken; made += 1) {
      await this.#wait(event.step);
      last = await this.call(order, event, options);
    }
    if (event.step === 'create' && !last.isTaken && order.state === 'ordered') order.state = 'cancelled';
    return last;
  }

  async #wait(step: Step): Promise<void> {
    const { everyMs } = cadenceOf(this.terms.generation, step);
    await sleep(everyMs * (this.terms.timeScale ?? 1), undefined, { signal: this.terms.signal });
  }
}

function readAnswer({ answer }: Outcome): JsonObject | undefined {
  const value = answer && parseJson(answer.body.toString('utf8'));
  return isJsonObject(value) ? value : undefined;
}
