/**
 * The marketplace as a caller that does not give up: it sends changes of orders at a steady rate, whatever became of those
 * before, and sends again what got no answer or `000005`, signed anew. It remembers what was acknowledged, to be compared
 * with the registry.
 */
import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { v2Signature } from '../../src/koogallery/protocol/body-signature.ts';
import { writeQuery } from '../../src/koogallery/protocol/query.ts';

export interface CallerTerms {
  /** Where each call goes, without query: in turn, if there are several. */
  urls: readonly string[];
  key: string;
  perSecond: number;
  /** Before a call is sent again, in milliseconds. */
  retryMs: number;
}

/** What the marketplace knows of an order. */
export interface CalledOrder {
  orderId: string;
  /** As told by every answer to a create: more than one is a fault. */
  ids: Set<string>;
  /** Types of the tasks that must have come of it, in their order. */
  acknowledged: string[];
}

/** What happens to an order one after the other, for ever; each is sent when the one before was acknowledged. */
const LIFE = ['refresh', 'freeze', 'unfreeze', 'upgrade'] as const;
type Step = 'create' | (typeof LIFE)[number];
const SHARE_OF_NEW = 0.25;
const ANSWER_MS_MAX = 5_000;
const DAY_MS = 86_400_000;

export class PersistentCaller {
  readonly orders: CalledOrder[] = [];
  /** By `resultCode`; `none` where there was no answer. */
  readonly codes: Record<string, number> = {};
  /** Changes that were acknowledged; each may have taken several calls. */
  acknowledged = 0;
  repeated = 0;
  readonly #terms: CallerTerms;
  readonly #idle: CalledOrder[] = [];
  readonly #running = new Set<Promise<void>>();
  readonly #agent = new Agent({ keepAlive: true });
  #calls = 0;

  constructor(terms: CallerTerms) {
    this.#terms = terms;
  }

  /** Begins changes at the rate until told to stop; resolves when all that were begun are acknowledged. */
  async run(stop: AbortSignal): Promise<void> {
    const startedAt = performance.now();
    for (let number = 0; !stop.aborted; number += 1) {
      const waitMs = startedAt + (number * 1_000) / this.#terms.perSecond - performance.now();
      await sleep(Math.max(0, waitMs), undefined, { signal: stop }).catch(() => undefined);
      if (!stop.aborted) this.#begin(number);
    }
    await Promise.all(this.#running);
    this.#agent.destroy();
  }

  #begin(number: number): void {
    const known = Math.random() < SHARE_OF_NEW ? undefined : this.#idle.shift();
    const order = known ?? { orderId: `CS${number}`, ids: new Set<string>(), acknowledged: [] };
    if (known === undefined) this.orders.push(order);
    const running = this.#persist(order).then(() => void this.#running.delete(running));
    this.#running.add(running);
  }

  /** Sends one change until it is acknowledged. */
  async #persist(order: CalledOrder): Promise<void> {
    const made = order.acknowledged.length;
    const step: Step = made === 0 ? 'create' : (LIFE[(made - 1) % LIFE.length] ?? 'refresh');
    const event = `E${order.orderId}-${made}`;
    const expireTime = compact(new Date(Date.now() + (365 + made) * DAY_MS));
    for (let isDone = false; !isDone; ) {
      const { code, instanceId } = await this.#send(bodyOf(step, { order, event, expireTime }));
      this.codes[code] = (this.codes[code] ?? 0) + 1;
      isDone = code === '000000' || code === '000004';
      if (isDone && step === 'create') order.ids.add(instanceId);
      // Anything else is no reason to repeat a call, and stays in the counts.
      if (!isDone && code !== 'none' && code !== '000005') throw new Error(`${step}: ${code}`);
      if (isDone) break;
      this.repeated += 1;
      await sleep(this.#terms.retryMs);
    }
    this.acknowledged += 1;
    order.acknowledged.push(`instance.${step}`);
    this.#idle.push(order);
  }

  #send(body: Record<string, string>): Promise<{ code: string; instanceId: string }> {
    const { urls, key } = this.#terms;
    const url = urls[this.#calls++ % urls.length];
    const payload = JSON.stringify(body);
    const [nonce, timestamp] = [randomUUID(), String(Date.now())];
    const query = writeQuery({
      ...{ signature: v2Signature(key, { nonce, timestamp, payload }), timestamp, nonce },
    });
    const headers = { 'content-type': 'application/json;charset=utf8', 'content-length': payload.length };
    const signal = AbortSignal.timeout(ANSWER_MS_MAX);
    return new Promise((resolve) => {
      const none = () => resolve({ code: 'none', instanceId: '' });
      const options = { agent: this.#agent, method: 'POST', headers, signal };
      const sent = request(`${url}?${query}`, options, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (piece) => {
          text += piece;
        });
        response.once('error', none).once('end', () => resolve(readAnswer(text)));
      });
      sent.once('error', none).end(payload);
    });
  }
}

function readAnswer(text: string) {
  const fieldOf = (name: string) => new RegExp(`"${name}":"([^"]*)"`).exec(text)?.[1];
  return { code: fieldOf('resultCode') ?? 'none', instanceId: fieldOf('instanceId') ?? '' };
}

interface Occasion {
  order: CalledOrder;
  event: string;
  expireTime: string;
}

function bodyOf(step: Step, { order, event, expireTime }: Occasion): Record<string, string> {
  const { orderId, ids } = order;
  const [instanceId = ''] = ids;
  const ofEvent = { instanceId, orderId: event, orderLineId: `${event}-000001` };
  if (step === 'create')
    return { activity: 'newInstance', orderId, orderLineId: `${orderId}-000001`, businessId: randomUUID() };
  if (step === 'refresh') return { activity: 'refreshInstance', scene: 'RENEWAL', ...ofEvent, expireTime };
  if (step === 'upgrade') return { activity: 'upgradeInstance', ...ofEvent };
  return { activity: 'updateInstanceStatus', instanceId, status: step.toUpperCase() };
}

/** `20270801000000` */
const compact = (at: Date) => at.toISOString().replace(/\D/g, '').slice(0, 14);
