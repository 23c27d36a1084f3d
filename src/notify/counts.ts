/** How often which event was sent, and how often it could not be: kept in Redis, so that every process reports the same. */
import type { RedisClient } from '../redis/connect.ts';
import { alertKeys, type PeerKind } from '../redis/keys.ts';
import type { Delivery } from './deliver.ts';
import { type AlertEvent, EVENT_TYPES } from './events.ts';
import { RECEIVER_TYPES, type ReceiverType } from './receivers.ts';

const RESULTS = ['sent', 'failed'] as const;

export interface AlertCount {
  event: AlertEvent['type'];
  receiver: ReceiverType;
  result: (typeof RESULTS)[number];
  count: number;
}

interface Counted {
  event: Pick<AlertEvent, 'type'>;
  receiver: ReceiverType;
  delivery: Delivery;
}

/** Losing a count is no trouble, so nothing is thrown. */
export async function countDelivery(
  redis: RedisClient,
  kind: PeerKind,
  { event, receiver, delivery }: Counted,
): Promise<void> {
  const field = fieldOf(event.type, receiver, delivery.isOk ? 'sent' : 'failed');
  await redis.hincrby(alertKeys(kind).counts, field, 1).catch(() => undefined);
}

/** Each that is not 0. */
export async function readAlertCounts(redis: RedisClient, kind: PeerKind): Promise<AlertCount[]> {
  const stored = await redis.hgetall(alertKeys(kind).counts);
  return EVENT_TYPES.flatMap((event) =>
    RECEIVER_TYPES.flatMap((receiver) =>
      RESULTS.map((result) => ({
        event,
        receiver,
        result,
        count: Number(stored[fieldOf(event, receiver, result)] ?? 0),
      })),
    ),
  ).filter(({ count }) => count > 0);
}

const fieldOf = (event: string, receiver: string, result: string) => `${event} ${receiver} ${result}`;
