/** The keys of the seller console are by category of interfaces: what one has signed is believed of no other. */
import { expect, it } from 'vitest';
import {
  GENERIC_KEY,
  KEY,
  KIT_KEY,
  openMarketplace,
  PREVIOUS_KEY,
} from '../../support/koogallery/marketplace.ts';

const GENERIC = GENERIC_KEY;
const NEWS = { activity: 'orderNotify', orderId: 'o', orderLineId: 'l' };

it.each(['saas-v2', 'saas-v1', 'license-v2', 'license-v1', 'license-online'] as const)(
  'believes news of an order under the generic key (%s), and signs the answer with it',
  async (generation) => {
    const keys = { current: KEY, kit: KIT_KEY, generic: GENERIC };
    const { post } = await openMarketplace({ channel: { generation, keys } });
    expect(await post(NEWS, { key: GENERIC })).toMatchObject({ code: '000000', signedBy: 'generic' });
    // That this interface belongs to that category is inferred, so the base key is as good.
    expect(await post(NEWS)).toMatchObject({ code: '000000', signedBy: 'current' });
  },
);

it('believes nothing else under the generic key', async () => {
  const keys = { current: KEY, previous: PREVIOUS_KEY, kit: KIT_KEY, generic: GENERIC };
  const { post, kit } = await openMarketplace({ channel: { keys } });
  const create = { activity: 'newInstance', orderId: 'o', orderLineId: 'l', businessId: 'b' };
  expect(await post(create, { key: GENERIC })).toMatchObject({ code: '000001', signedBy: 'current' });
  expect((await post({ ...NEWS, activity: ' orderNotify' }, { key: GENERIC })).code).toBe('000001');
  const twice = JSON.stringify(NEWS).replace('{', '{"activity":"newInstance",');
  expect((await post(twice, { key: GENERIC })).code).toBe('000002');
  const tenant = { instanceId: 'b', flag: 1 };
  expect((await kit('tenantSync', tenant, { key: GENERIC })).code).toBe('000001');
});

it('refuses a time that is off under the generic key, and knows no such key unless it is set', async () => {
  const keys = { current: KEY, generic: GENERIC };
  const { post } = await openMarketplace({ channel: { keys } });
  const timestamp = String(Date.now() - 61_000);
  expect((await post(NEWS, { key: GENERIC, timestamp })).code).toBe('000001');
  const without = await openMarketplace();
  expect((await without.post(NEWS, { key: GENERIC })).code).toBe('000001');
  expect((await without.post(NEWS, { key: '' })).code).toBe('000001');
});
