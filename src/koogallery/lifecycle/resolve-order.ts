/**
 * What calls of V2.0 leave out: the product, the end and the buyer of an order. Where the channel has an access key, the
 * marketplace is asked before the webhook is told.
 */
import type { ProxySettings } from '../../alibaba/proxy.ts';
import { jsonForScript } from '../../redis/json.ts';
import type { OpenChannel } from '../channels.ts';
import { openApiClient } from '../openapi/open-client.ts';
import type { OrderCache } from '../openapi/order-cache.ts';
import type { QueriedOrder } from '../openapi/order-query.ts';
import { isJsonObject, type JsonObject } from '../protocol/json.ts';
import { sealFields } from '../receiver/personal.ts';
import type { ChannelAccess } from '../registry/scripts.ts';
import type { Task } from '../registry/task-record.ts';
import type { Seal } from '../seal.ts';
import type { Begun } from './begin-task.ts';
import { type NotedOrder, noteOrder } from './note-order.ts';

export interface OrderWay {
  access: ChannelAccess;
  channel: OpenChannel;
  seal: Seal;
  proxy: ProxySettings | undefined;
  /** Of this channel. */
  orders: OrderCache;
}

const RESOLVED = ['instance.create', 'instance.upgrade', 'order.notify'];
/** A renewal with another product. */
const CHANGING = 'RENEWAL_CHANGE';

/**
 * @returns the attempt as it goes on; undefined if it was lost
 * @throws AppError those of `queryOrder`
 */
export async function resolveOrder(way: OrderWay, begun: Begun): Promise<Begun | undefined> {
  const { access, channel, proxy, orders } = way;
  const place = placeOf(begun.task);
  if (channel.openApi === undefined || place === undefined) return begun;
  const client = openApiClient(channel.openApi, proxy);
  const queried = await orders.ask(client, { ...place, since: begun.task.retriedAt });
  return noteOrder(access, begun, notedOf(way, place, queried));
}

interface OrderPlace {
  orderId: string;
  orderLineId: string;
}

/** @returns undefined if nothing is to be asked: it is known already, or the call says all that there is */
function placeOf({ type, fields, order }: Task): OrderPlace | undefined {
  const { orderId, orderLineId, scene } = fields;
  if (order !== undefined || typeof orderId !== 'string' || typeof orderLineId !== 'string') return undefined;
  const isWanted = RESOLVED.includes(type) || (type === 'instance.refresh' && scene === CHANGING);
  return isWanted ? { orderId, orderLineId } : undefined;
}

function notedOf(
  { channel, seal }: OrderWay,
  { orderLineId }: OrderPlace,
  { order, raw }: QueriedOrder,
): NotedOrder {
  const line = order.orderLine.find((each) => each.orderLineId === orderLineId) ?? order.orderLine[0];
  const sealed = isJsonObject(raw) ? sealFields(seal, raw, channel.keys.current) : {};
  const text = jsonForScript(sealed);
  const product = textsOf({
    productId: line?.productInfo[0]?.productId,
    skuCode: line?.productInfo[0]?.skuCode,
  });
  const buyer = isJsonObject(sealed.buyerInfo) ? jsonForScript(textsOf(sealed.buyerInfo)) : undefined;
  return { order: text, product, created: textsOf({ order: text, buyer, expireAt: line?.expireTime }) };
}

function textsOf(values: JsonObject | Readonly<Record<string, unknown>>): Record<string, string> {
  const known = Object.entries(values).filter(
    ([, value]) => (typeof value === 'string' && value !== '') || typeof value === 'number',
  );
  return Object.fromEntries(known.map(([name, value]) => [name, String(value)]));
}
