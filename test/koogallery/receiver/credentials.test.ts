/** Joint operation beside a purchase: a seller applies for credentials before anything is sold. */
import { expect, it } from 'vitest';
import { channelKeys } from '../../../src/koogallery/keys.ts';
import { formatChina17 } from '../../../src/koogallery/protocol/time.ts';
import { readTasks } from '../../../src/koogallery/registry/read-instance.ts';
import { openMarketplace } from '../../support/koogallery/marketplace.ts';

const APPLICATION = {
  instanceId: '',
  orderId: '',
  tenantId: 't',
  testFlag: 0,
  timeStamp: formatChina17(new Date()),
};

it.each([
  ['saas-v2', 2],
  ['saas-v1', 1],
  // The kit interfaces of the old License are beside it, below the same address.
  ['license-v1', 1],
] as const)(
  'keeps the credentials that a seller applied for, without an instance (%s)',
  async (generation, version) => {
    const { kit, access } = await openMarketplace({ channel: { generation } });
    const secret = { ...APPLICATION, clientId: 'c', clientSecret: 'hush', flag: 1 };
    for (let time = 0; time < 2; time += 1) {
      expect((await kit('tenantSync', { ...APPLICATION, flag: 1 }, { version })).code).toBe('000000');
      expect((await kit('applicationSync', secret, { version })).code).toBe('000000');
    }
    expect((await kit('allOrgSync', { ...APPLICATION, tenantId: 'other' }, { version })).code).toBe('000000');
    const due = await access.redis.zrange(channelKeys(access.slug).due, '0', '-1');
    expect(due).toHaveLength(2);
    const tasks = await Promise.all(due.map((id) => readTasks(access, id)));
    expect(tasks.map((each) => each.map(({ type }) => type))).toEqual([
      ['kit.tenant', 'kit.application'],
      ['kit.orgs'],
    ]);
    expect(JSON.stringify(tasks)).not.toContain('hush');
    // Nobody can buy it, name it or see it among what was sold.
    expect(await access.redis.zcard(channelKeys(access.slug).instances)).toBe(0);
    expect(
      (await kit('tenantSync', { ...APPLICATION, instanceId: due[0] ?? '', flag: 1 }, { version })).code,
    ).toBe('000003');
  },
);

it('takes an authorization back, whether or not there is an instance', async () => {
  const { kit, post, access } = await openMarketplace();
  const about = { instanceId: 'b', tenantId: 't', appId: 'a', userList: [{ userName: 'Li' }], testFlag: 0 };
  expect((await kit('authSync', { ...about, flag: 3 })).code).toBe('000000');
  await post({ activity: 'newInstance', orderId: 'o', orderLineId: 'l', businessId: 'b' });
  expect((await kit('authSync', { ...about, flag: 3 })).code).toBe('000000');
  expect((await kit('authSync', { ...about, flag: 4 })).code).toBe('000002');
  expect((await readTasks(access, 'b')).map(({ type }) => type)).toEqual(['instance.create', 'kit.auth']);
});

it('answers the poll of an online License that is being opened', async () => {
  const { post } = await openMarketplace({ channel: { generation: 'license-online' } });
  await post({ activity: 'newInstance', orderId: 'o', orderLineId: 'l', businessId: 'b' });
  expect((await post({ activity: 'queryInstance', instanceId: 'b' })).code).toBe('000004');
  expect((await post({ activity: 'queryInstance', instanceId: 'never' })).code).toBe('000003');
});
