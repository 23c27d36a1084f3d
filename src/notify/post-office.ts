/**
 * Brings events to receivers: through the queue, which survives this process; from memory where Redis does not take a job,
 * because it is away, full or read-only. An event that went out from memory is not added to the queue later.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from '../logger.ts';
import { AlertQueue } from '../queue/alert-queue.ts';
import type { RedisClient } from '../redis/connect.ts';
import { alertKeys, type PeerKind } from '../redis/keys.ts';
import { countDelivery } from './counts.ts';
import { type Delivery, deliver, type Way } from './deliver.ts';
import type { AlertEvent } from './events.ts';
import { type Receiver, wants } from './receivers.ts';

const TRIES_MAX = 14;
const RETRY_MS = 5_000;
/** Most events remembered as sent from memory; they are few, and old ones come no more. */
const REMEMBERED_MAX = 1_000;

export interface PostOfficeOptions {
  receivers: readonly Receiver[];
  kind: PeerKind;
  way: Way;
  logger: Logger;
  /** Time before the first repetition that differs from the default, in milliseconds. */
  retryMs?: number;
}

export class PostOffice {
  readonly #options: PostOfficeOptions;
  readonly #fromMemory = new Set<string>();
  readonly #ending = new AbortController();
  readonly #sending = new Set<Promise<void>>();
  #redis: RedisClient | undefined;
  #queue: AlertQueue<AlertEvent> | undefined;

  constructor(options: PostOfficeOptions) {
    this.#options = options;
  }

  /** Redis is there for the first time: works the queue from now on. */
  open(redis: RedisClient): void {
    const { kind, logger, retryMs } = this.#options;
    this.#redis = redis;
    this.#queue = new AlertQueue<AlertEvent>({
      redis,
      prefix: alertKeys(kind).prefix,
      deliver: ({ event, delivered }, onDelivered) => this.#deliver(event, { delivered, onDelivered }),
      // The connection logs its troubles itself.
      onTrouble: () => undefined,
      onGivenUp: (id, { message: error }) =>
        logger.error(
          { event: 'alert_given_up', id, error },
          'an alert did not arrive; it is not tried again',
        ),
      backoffMs: retryMs,
    });
  }

  /** When it resolves, the event is in the queue, or on its way from memory. */
  async raise(event: AlertEvent): Promise<void> {
    const { receivers, logger } = this.#options;
    if (this.#fromMemory.has(event.id) || !receivers.some((receiver) => wants(receiver, event.type))) return;
    const { id, type, account } = event;
    logger.info({ event: 'alert_raised', id, type, account }, 'people are alerted');
    try {
      if (this.#queue === undefined) throw new Error('Redis was never there');
      await this.#queue.add(event);
    } catch {
      this.sendFromMemory(event);
    }
  }

  /** Sends without Redis, again and again until it arrives; ends with this process. */
  sendFromMemory(event: AlertEvent): void {
    this.#fromMemory.add(event.id);
    const [oldest] = this.#fromMemory;
    if (this.#fromMemory.size > REMEMBERED_MAX && oldest !== undefined) this.#fromMemory.delete(oldest);
    const sending = this.#sendFromMemory(event)
      .catch(() => undefined)
      .finally(() => this.#sending.delete(sending));
    this.#sending.add(sending);
  }

  /** What is on its way from memory is given up. */
  async close(isAnswering: boolean): Promise<void> {
    this.#ending.abort();
    await Promise.all([...this.#sending, this.#queue?.close(isAnswering)]);
  }

  async #sendFromMemory(event: AlertEvent): Promise<void> {
    const { signal } = this.#ending;
    const delivered: string[] = [];
    const onDelivered = async (name: string) => void delivered.push(name);
    let waitMs = this.#options.retryMs ?? RETRY_MS;
    for (let tries = 1; tries <= TRIES_MAX; tries += 1) {
      try {
        return await this.#deliver(event, { delivered, onDelivered });
      } catch {
        await wait(waitMs, undefined, { signal, ref: false });
        waitMs *= 2;
      }
    }
  }

  /** @throws Error if somebody still lacks it */
  async #deliver(
    event: AlertEvent,
    {
      delivered,
      onDelivered,
    }: { delivered: readonly string[]; onDelivered: (name: string) => Promise<void> },
  ): Promise<void> {
    const { receivers, way } = this.#options;
    const wanting = receivers.filter(
      (receiver) => wants(receiver, event.type) && !delivered.includes(receiver.name),
    );
    const lacking: string[] = [];
    await Promise.all(
      wanting.map(async (receiver) => {
        const delivery = await deliver(receiver, event, way);
        this.#note(event, receiver, delivery);
        if (delivery.isOk) await onDelivered(receiver.name);
        else lacking.push(`${receiver.name}: ${delivery.text}`);
      }),
    );
    if (lacking.length > 0) throw new Error(lacking.join('; '));
  }

  #note(event: AlertEvent, { name, type }: Receiver, delivery: Delivery): void {
    const { logger, kind } = this.#options;
    const fields = { id: event.id, type: event.type, receiver: name, answer: delivery.text };
    if (delivery.isOk) logger.info({ event: 'alert_sent', ...fields }, 'alert sent');
    else logger.warn({ event: 'alert_failed', ...fields }, 'an alert did not arrive; it is tried again');
    // Not awaited: Redis may be away.
    if (this.#redis) void countDelivery(this.#redis, kind, { event, receiver: type, delivery });
  }
}
