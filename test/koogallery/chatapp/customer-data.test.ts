import { expect, it } from 'vitest';
import { agreementPathOf, collectFields } from '../../../src/koogallery/chatapp/customer-data.ts';
import { purchaseOf, valueAt } from '../../../src/koogallery/chatapp/purchase.ts';
import { judgeRow } from '../../../src/koogallery/chatapp/row-outcome.ts';
import { encodeExtendParams } from '../../../src/koogallery/protocol/fields.ts';
import { parseInstance } from '../../../src/koogallery/registry/instance-record.ts';
import { stateOf } from '../../../src/koogallery/registry/instance-state.ts';
import { sealOf } from '../../../src/koogallery/seal.ts';
import { type PurchasePath, parsePath } from '../../../src/onboarding/koogallery-paths.ts';

const seal = sealOf({ slug: 'shop', sealKeys: ['key'] });
const pair = (name: string, value: string) => ({ name, value: seal.seal(value) });

function purchase(order: object, buyer: object = { customerId: 'C1', email: seal.seal('a@b.example') }) {
  const known = { id: 'i', kind: 'saas', wanted: 'active', version: '1', settled: '0', createdAt: '1' };
  const instance = parseInstance({
    ...{ ...known, productId: 'p', order: JSON.stringify(order), buyer: JSON.stringify(buyer) },
  });
  if (instance === undefined) throw new Error('no instance');
  return purchaseOf(instance, seal);
}

const at = (of: ReturnType<typeof purchase>, path: string) => valueAt(of, parsePath(path) as PurchasePath);

it('finds what is known of a purchase, sealed or not', () => {
  const order = {
    extendParams: [pair('mail', 'of the order'), { name: 'odd' }, 'x'],
    orderLine: [{ amount: 2, extendParams: [pair('mail', 'of a line'), pair('city', 'Wien')] }],
    customFields: JSON.stringify([{ name: 'tax', value: 7 }]),
    customerId: [{ name: 'none', value: 'x' }],
  };
  const found = purchase(order);
  expect(at(found, 'instanceId')).toBe('i');
  expect(at(found, 'skuCode')).toBeUndefined();
  expect(at(found, 'buyer.email')).toBe('a@b.example');
  expect(at(found, 'extend.mail')).toBe('of the order');
  expect(at(found, 'extend.city')).toBe('Wien');
  expect(at(found, 'extend.tax')).toBe('7');
  expect(at(found, 'order.orderLine.0.amount')).toBe('2');
  for (const path of ['extend.odd', 'extend.none', 'order.orderLine', 'order.orderLine.x.amount'])
    expect(at(found, path)).toBeUndefined();
  for (const path of ['buyer.constructor', 'buyer.toString', 'order.__proto__.x', 'order.orderLine.length'])
    expect(at(found, path)).toBeUndefined();
  const v1 = { saasExtendParams: seal.seal(encodeExtendParams([{ name: 'mail', value: 'm' }])) };
  expect(at(purchase(v1), 'extend.mail')).toBe('m');
});

it('says what is missing and what cannot be used; what was typed counts for more', () => {
  const fields = { CustSpaceId: 'buyer.customerId', CountryId: { text: 'Utopia' }, CustName: 'extend.name' };
  const collected = collectFields({ fields }, purchase({}), { OfficeAddress: ' 1 Main St ', CustName: '' });
  expect(collected).toMatchObject({
    customer: { CustSpaceId: 'C1', OfficeAddress: '1 Main St', CountryId: 'UTOPIA' },
    missing: ['CustName', 'ContactMail', 'BusinessDesc'],
    problems: [{ field: 'CountryId', code: 'COUNTRY_UNKNOWN' }],
  });
});

it('never leaves the folder of a template', () => {
  const template = '/srv/{buyer.customerId}/{productId}.pdf';
  const of = (customerId: string) => agreementPathOf(template, purchase({}, { customerId }));
  expect(of('C1')).toBe('/srv/C1/p.pdf');
  for (const id of ['..', '.', 'a/b', '../x', 'a\\b', 'a\0', '', ' ']) expect(of(id)).toBeUndefined();
  expect(agreementPathOf('/srv/{extend.no}.pdf', purchase({}))).toBeUndefined();
  expect(agreementPathOf('/srv/one.pdf', purchase({}))).toBe('/srv/one.pdf');
});

it('knows what became of a row', () => {
  const judge = (record: object, isRetried = false) =>
    judgeRow({ outcome: 'failed', ...record } as never, { name: 'row 1', isRetried });
  expect(judge({ outcome: 'unchanged' })).toEqual({ verdict: 'registered' });
  expect(judge({ outcome: 'waiting' })).toEqual({ verdict: 'pending', reason: 'row 1 is waiting' });
  expect(judge({ outcome: 'cancelled' })).toEqual({ verdict: 'over', reason: 'row 1 was cancelled' });
  expect(judge({ code: 'X', class: 'account' }, true)).toMatchObject({ verdict: 'pending' });
  for (const code of ['CUSTOMER_BUSY', 'CUSTOMER_PARKED', 'SUPERSEDED'])
    expect(judge({ code, class: 'customer' })).toMatchObject({ verdict: 'again' });
  const lead = { batchId: 'b', row: 1 };
  expect(judge({ code: 'SETTLED_AS_FAILED', class: 'customer', lead })).toMatchObject({ verdict: 'again' });
  expect(judge({ code: 'SETTLED_AS_FAILED', class: 'unknown' })).toMatchObject({ verdict: 'over' });
  expect(judge({ code: 'AGREEMENT_LOST', class: 'customer' })).toMatchObject({
    problems: [{ field: 'IsvTerms', code: 'AGREEMENT_LOST' }],
  });
  // Two are named, or none: then nobody knows which it was.
  for (const message of ['CustName or CountryId', ''])
    expect(judge({ code: 'Invalid', class: 'customer', message })).toMatchObject({
      problems: [{ code: 'Invalid' }],
    });
  expect(judge({ code: 'PEER_TIMEOUT', class: 'transient' })).toMatchObject({ verdict: 'over' });
});

it('says what an instance is', () => {
  const state = (facts: object) => stateOf({ wanted: 'active', readyAt: 1, ...facts });
  expect(state({})).toBe('active');
  expect(state({ missing: [] })).toBe('waiting');
  expect(state({ missing: ['CustName'], wanted: 'frozen' })).toBe('frozen');
  expect(state({ registering: '1' })).toBe('opening');
  expect(state({ registering: '1', refusal: 'r' })).toBe('failed');
  expect(state({ missing: [], wanted: 'released' })).toBe('released');
});
