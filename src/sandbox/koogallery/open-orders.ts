/** Orders and licence codes that a simulated marketplace knows. */
import { MOCK_ORDERS, mockOrderLine } from '../../koogallery/openapi/order-query.ts';
import type { OpenAnswer } from './open-usage.ts';

/** What each of the marketplace's own mock orders is of. */
const TYPES: Readonly<Record<(typeof MOCK_ORDERS)[number], [orderType: string, chargingMode: string]>> = {
  MOCKPERIODYEARNEW: ['NEW', 'PERIOD'],
  MOCKONETIMENEW: ['NEW', 'ONE_TIME'],
  MOCKONDEMAND: ['NEW', 'ON_DEMAND'],
  MOCKONDEMANDPKG: ['NEW', 'ON_DEMAND_PKG'],
  MOCKPERIODDAYTRIAL: ['TRIAL', 'PERIOD'],
  MOCKMONTYTRIALTOFORMAL: ['TRIAL_TO_FORMAL', 'PERIOD'],
  MOCKMONTYUNSUBSCRIBE: ['UNSUBSCRIBE', 'PERIOD'],
  MOCKMONTYRENEW: ['RENEW', 'PERIOD'],
  MOCKMONTYCHANGE: ['CHANGE', 'PERIOD'],
};

export interface SimulatedOrder {
  orderId: string;
  [field: string]: unknown;
}

export class OrderBook {
  readonly #orders = new Map<string, SimulatedOrder>();

  constructor() {
    for (const id of MOCK_ORDERS) this.add(orderOf(id, ...TYPES[id]));
  }

  add(order: SimulatedOrder): void {
    this.#orders.set(order.orderId, order);
  }

  answer(query: URLSearchParams): OpenAnswer {
    const order = this.#orders.get(query.get('orderId') ?? '');
    const line = query.get('orderLineId');
    const lines = Array.isArray(order?.orderLine) ? order.orderLine : [];
    const kept = lines.filter((each: { orderLineId?: string }) => line === null || each.orderLineId === line);
    if (order === undefined || kept.length === 0)
      return { status: 401, body: { resultCode: 'CBC.0150', resultMsg: 'Not your order.' } };
    const success = { resultCode: 'MKT.0000', resultMsg: 'success' };
    return { status: 200, body: { ...success, orderInfo: { ...order, orderLine: kept } } };
  }
}

function orderOf(orderId: string, orderType: string, chargingMode: string): SimulatedOrder {
  const period = chargingMode === 'PERIOD' && {
    periodType: 'year',
    periodNumber: 1,
    expireTime: '20270801000000',
  };
  return {
    orderId,
    orderType,
    createTime: '20260801000000',
    orderLine: [
      {
        orderLineId: mockOrderLine(orderId),
        chargingMode,
        ...period,
        productInfo: [{ productId: '00301-666666-0--0', skuCode: 'sku-1', productName: 'Mock product' }],
      },
    ],
    buyerInfo: { customerId: '68cbc86abc2018ab880d92f36422fa0e', customerName: 'mock' },
    extendParams: [{ name: 'emailDomainName', value: 'example.com' }],
  };
}

export class LicenseBook {
  /** By code: whether it is activated. */
  readonly #codes = new Map<string, boolean>();

  add(code: string): void {
    this.#codes.set(code, false);
  }

  activate(code: string): OpenAnswer {
    if (!this.#codes.has(code)) return UNKNOWN_LICENSE;
    this.#codes.set(code, true);
    // As on its page: a JSON text in the JSON.
    const info = {
      status: 'ALIVE',
      expire_time: '20270801000000',
      product_id: '00301-666666-0--0',
      amount: 1,
    };
    return answerLicense({ license_code_info: JSON.stringify(info) });
  }

  heartbeat(code: string): OpenAnswer {
    const isActive = this.#codes.get(code);
    if (isActive === undefined) return UNKNOWN_LICENSE;
    if (!isActive) return { status: 200, body: { error_code: '92020004', error_msg: 'Not received yet.' } };
    return answerLicense({ license_code: code, status: 'ALIVE', activate_time: '20260801000000' });
  }
}

const UNKNOWN_LICENSE = { status: 200, body: { error_code: '92020005', error_msg: 'No such license.' } };
const answerLicense = (data: object) => ({
  status: 200,
  body: { error_code: '92020000', error_msg: 'success', data },
});
