import { expect, it } from 'vitest';
import { webhookBody } from '../../../src/koogallery/lifecycle/webhook-request.ts';
import { sealFields } from '../../../src/koogallery/receiver/personal.ts';
import { readInstance, readTasks } from '../../../src/koogallery/registry/read-instance.ts';
import { sealOf } from '../../../src/koogallery/seal.ts';
import { KEY, makeOpenChannel, openMarketplace } from '../../support/koogallery/marketplace.ts';

const seal = sealOf(makeOpenChannel());

it('seals whatever a buyer was asked for, and keeps its form', () => {
  const order = {
    customerId: 'c1',
    extendParams: [{ name: 'idNum', value: '110101199001011234' }],
    orderLine: [{ productParams: { size: '12 to 34' }, customFields: ['x and y', 5, null], idNum: '99 1' }],
  };
  const text = JSON.stringify(sealFields(seal, order, KEY));
  // A space is not among the characters of what is sealed, which are any by chance.
  expect(text).not.toMatch(/110101199001011234|12 to 34|x and y|99 1|:5/);
  expect(text).toContain('"customerId":"c1"');
  expect(sealFields(seal, order, KEY)).toMatchObject({
    extendParams: [{ value: expect.stringMatching(/^sealed1\./) }],
    orderLine: [{ productParams: {}, customFields: [expect.any(String), expect.any(String), null] }],
  });
});

it('tells the webhook what a buyer wrote, even if it looks sealed', async () => {
  const { get, access, channel } = await openMarketplace({ channel: { generation: 'saas-v1' } });
  const bought = { customerId: 'sealed1.c', customerName: 'sealed1.AAAA', userName: 'sealed1.' };
  const order = { orderId: 'sealed1.o', productId: 'sealed1.p', unknownField: 'sealed1.f' };
  const call = {
    activity: 'newInstance',
    businessId: 'b1',
    saasExtendParams: 'sealed1.',
    ...bought,
    ...order,
  };
  expect((await get(call)).code).toBe('000000');
  const [instance, [task]] = await Promise.all([readInstance(access, 'b1'), readTasks(access, 'b1')]);
  if (instance === undefined || task === undefined) throw new Error('there is no instance');
  const body = JSON.parse(webhookBody({ channel, seal: sealOf(channel), instance, task }));
  expect(body).toMatchObject({ buyer: bought, fields: call, order });
});
