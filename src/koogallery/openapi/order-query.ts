/**
 * What was bought, as the marketplace knows it. A create call carries only ids; this has the rest. Pages leave fields open
 * (docs/koogallery-sources.md), so little is required, the rest is read where it is there, and the answer is kept as it came.
 */
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { parseCompactUtc } from '../protocol/time.ts';
import type { OpenApiClient } from './client.ts';
import { requireDone } from './require-done.ts';

const PATH = '/api/mkp-openapi-public/global/v1/order/query';

/** Orders that exist for everybody: each with one line, named after it. */
export const MOCK_ORDERS = [
  'MOCKPERIODYEARNEW',
  'MOCKONETIMENEW',
  'MOCKONDEMAND',
  'MOCKONDEMANDPKG',
  'MOCKPERIODDAYTRIAL',
  'MOCKMONTYTRIALTOFORMAL',
  'MOCKMONTYUNSUBSCRIBE',
  'MOCKMONTYRENEW',
  'MOCKMONTYCHANGE',
] as const;
export const mockOrderLine = (orderId: string) => `${orderId}-000001`;

/** A text or number as text; undefined if it is something else. */
const text = z
  .union([z.string(), z.number()])
  .transform((value) => String(value))
  .optional()
  .catch(undefined);
const time = text.transform((value) => (value === undefined ? undefined : parseCompactUtc(value)?.getTime()));
const pairs = z
  .array(z.object({ name: z.string(), value: z.union([z.string(), z.number()]).transform(String) }))
  .catch([]);

const productSchema = z.object({
  productId: z.union([z.string(), z.number()]).transform(String),
  skuCode: text,
  linearValue: text,
  productName: text,
});

const lineSchema = z.object({
  orderLineId: z.string().min(1),
  /** PERIOD, ONE_TIME, ON_DEMAND, ON_DEMAND_PKG; others may come. */
  chargingMode: text,
  /** Milliseconds since 1970. */
  expireTime: time,
  periodType: text,
  periodNumber: text,
  /** Also seen as one object. */
  productInfo: z.preprocess(
    (value) => (Array.isArray(value) ? value : [value]),
    z.array(productSchema).min(1),
  ),
});

const orderSchema = z.object({
  orderId: z.string().min(1),
  /** NEW, TRIAL, TRIAL_TO_FORMAL, UNSUBSCRIBE, RENEW, CHANGE; others may come. */
  orderType: z.string().min(1),
  /** When it was ordered, which is not when it takes effect; milliseconds since 1970. */
  createTime: time,
  orderLine: z.array(lineSchema).min(1),
  buyerInfo: z.record(z.string(), z.unknown()).optional().catch(undefined),
  extendParams: pairs,
});
export type Order = z.output<typeof orderSchema>;

export interface QueriedOrder {
  order: Order;
  /** The marketplace's `orderInfo`, with all that is not understood here. */
  raw: unknown;
}

/**
 * @throws AppError MARKETPLACE_UNREACHABLE, MARKETPLACE_DENIED, MARKETPLACE_REFUSED; MARKETPLACE_UNREADABLE if the answer
 *   lacks what every order has
 */
export async function queryOrder(
  client: OpenApiClient,
  { orderId, orderLineId }: { orderId: string; orderLineId?: string | undefined },
): Promise<QueriedOrder> {
  const query = { orderId, ...(orderLineId !== undefined && { orderLineId }) };
  const outcome = await client.call({ method: 'GET', path: PATH, query });
  const { body } = requireDone(outcome, 'The query of an order');
  const { success, data, error } = orderSchema.safeParse(body.orderInfo);
  if (success) return { order: data, raw: body.orderInfo };
  const where = ['orderInfo', ...(error.issues[0]?.path ?? [])].join('.');
  throw new AppError('MARKETPLACE_UNREADABLE', `The answer about an order lacks ${where}, or it is odd.`);
}
