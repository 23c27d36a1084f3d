/**
 * Orders that were asked for a moment ago, in the memory of this process: the tasks of one order are worked on together, and
 * the marketplace limits how often it may be asked. An order does not change once it is paid.
 */
import { LRUCache } from 'lru-cache';
import type { OpenApiClient } from './client.ts';
import { type QueriedOrder, queryOrder } from './order-query.ts';

const ORDERS_MAX = 200;
const KEPT_MS = 30_000;
/** Every task of an order that cannot be had waits for at least as long before its next attempt. */
const FAILURE_KEPT_MS = 5_000;

type Outcome = { order: QueriedOrder } | { error: unknown };

interface Asked {
  /** Milliseconds since 1970. */
  at: number;
  outcome: Promise<Outcome>;
}

export interface OrderQuestion {
  orderId: string;
  orderLineId: string;
  /** What was answered before does not count, in milliseconds since 1970: a person wants it tried again. */
  since?: number | undefined;
}

export class OrderCache {
  readonly #asked: LRUCache<string, Asked>;
  readonly #now: () => number;

  constructor({ now = Date.now }: { now?: () => number } = {}) {
    this.#now = now;
    this.#asked = new LRUCache({ max: ORDERS_MAX, ttl: KEPT_MS, perf: { now } });
  }

  /**
   * The order with this line alone, as the marketplace tells it when it is asked for the line.
   * @throws AppError those of `queryOrder`
   */
  async ask(
    client: OpenApiClient,
    { orderId, orderLineId, since = 0 }: OrderQuestion,
  ): Promise<QueriedOrder> {
    const known = this.#asked.get(orderId);
    const asked = known !== undefined && known.at >= since ? known : this.#query(client, orderId);
    const outcome = await asked.outcome;
    if ('error' in outcome) throw outcome.error;
    // An order may be told without some of its lines.
    return lineOf(outcome.order, orderLineId) ?? queryOrder(client, { orderId, orderLineId });
  }

  #query(client: OpenApiClient, orderId: string): Asked {
    const outcome = queryOrder(client, { orderId }).then(
      (order): Outcome => ({ order }),
      (error: unknown): Outcome => {
        this.#asked.set(orderId, asked, { ttl: FAILURE_KEPT_MS });
        return { error };
      },
    );
    const asked = { at: this.#now(), outcome };
    this.#asked.set(orderId, asked);
    return asked;
  }
}

function lineOf({ order, raw }: QueriedOrder, orderLineId: string): QueriedOrder | undefined {
  const index = order.orderLine.findIndex((each) => each.orderLineId === orderLineId);
  const line = order.orderLine[index];
  if (line === undefined) return undefined;
  const { orderLine } = raw as { orderLine: unknown[] };
  return {
    order: { ...order, orderLine: [line] },
    raw: { ...(raw as object), orderLine: [orderLine[index]] },
  };
}
