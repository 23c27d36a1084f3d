import { expect, it } from 'vitest';
import { addLicenses } from '../../../src/koogallery/registry/add-licenses.ts';
import { readInstance, readTasks } from '../../../src/koogallery/registry/read-instance.ts';
import { openMarketplace } from '../../support/koogallery/marketplace.ts';

const typesOf = async (...[access, id]: Parameters<typeof readTasks>) =>
  (await readTasks(access, id)).map(({ type }) => type);

it('knows a License 2.0 from the first call about it', async () => {
  const { post, access } = await openMarketplace({ channel: { generation: 'license-v2' } });
  const about = { license: 'PL0000000000000001', orderId: 'o', orderLineId: 'l' };
  const life = [
    { activity: 'refreshLicenseCode', ...about, scene: 'RENEWAL', expireTime: '20991231000000' },
    { activity: 'updateLicenseCodeStatus', license: about.license, status: 'FREEZE' },
    { activity: 'updateLicenseCodeStatus', license: about.license, status: 'UNFREEZE' },
    { activity: 'releaseLicenseCode', license: about.license },
  ];
  for (const call of life)
    for (let time = 0; time < 3; time += 1) expect((await post(call)).code).toBe('000000');
  expect(await typesOf(access, about.license)).toEqual(
    ['refresh', 'freeze', 'unfreeze', 'release'].map((word) => `license.${word}`),
  );
  expect(await readInstance(access, about.license)).toMatchObject({ kind: 'license', state: 'released' });
  expect((await post({ ...life[1], license: 'a:b' })).code).toBe('000002');
});

it('gives an order of the old License one code, and says when none is left', async () => {
  const { get, access } = await openMarketplace({ channel: { generation: 'license-v1' } });
  expect(await addLicenses(access, ['CODE-1', 'CODE-1'])).toEqual({ added: 1, known: 1 });
  const call = { activity: 'getLicense', customerId: 'c', productId: 'p' };
  const first = await get({ ...call, orderId: 'o1', businessId: 'b1' });
  expect(first.json).toMatchObject({ resultCode: '000000', instanceId: 'b1', license: 'CODE-1' });
  expect((await get({ ...call, orderId: 'o1', businessId: 'b2' })).json).toEqual(first.json);
  expect((await get({ ...call, orderId: 'o2', businessId: 'b3' })).code).toBe('000100');
  expect(await addLicenses(access, ['CODE-1', 'CODE-2'])).toEqual({ added: 1, known: 1 });
  expect((await get({ ...call, orderId: 'o2', businessId: 'b4' })).json).toMatchObject({ license: 'CODE-2' });
  const about = { instanceId: 'b1', orderId: 'o1' };
  for (const [activity, more] of [
    ['refreshLicense', { expireTime: '20991231000000' }],
    ['expireLicense', {}],
    ['releaseLicense', {}],
  ] as const)
    for (let time = 0; time < 3; time += 1)
      expect((await get({ activity, ...about, ...more })).code).toBe('000000');
  expect(await typesOf(access, 'b1')).toEqual([
    'license.issue',
    'license.refresh',
    'license.freeze',
    'license.release',
  ]);
  expect((await get({ activity: 'releaseLicense', instanceId: 'never', orderId: 'o' })).code).toBe('000003');
});

it('issues licenses for online activation once for each application', async () => {
  const { post, access } = await openMarketplace({ channel: { generation: 'license-online' } });
  const create = { activity: 'newInstance', orderId: 'o', orderLineId: 'l', businessId: 'b' };
  expect((await post(create)).json).toMatchObject({ resultCode: '000004', instanceId: 'b' });
  const apply = {
    ...{ activity: 'getLicenseAsync', instanceId: 'b', eventId: 'e1', deviceFingerprint: 'f' },
    ...{ effectiveTime: '2023-10-27 10:30:15 z', expireTime: '2099-10-27 10:30:15 z' },
  };
  for (let time = 0; time < 3; time += 1) expect((await post(apply)).code).toBe('000000');
  expect((await post({ ...apply, eventId: 'e2' })).code).toBe('000000');
  const { expireTime: _, ...endless } = apply;
  expect((await post({ ...endless, eventId: 'e3' })).code).toBe('000902');
  expect((await post({ ...apply, instanceId: 'never' })).code).toBe('000003');
  expect(await typesOf(access, 'b')).toEqual(['instance.create', 'license.issue', 'license.issue']);
  await post({ activity: 'releaseInstance', instanceId: 'b' });
  expect((await post({ ...apply, eventId: 'e4' })).code).toBe('000901');
});
