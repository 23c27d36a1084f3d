import { expect, it } from 'vitest';
import type { OpenChannel } from '../../../src/koogallery/channels.ts';
import { channelKeys } from '../../../src/koogallery/keys.ts';
import { answerProblems } from '../../../src/koogallery/protocol/answer-problems.ts';
import type { Intent } from '../../../src/koogallery/protocol/intent.ts';
import { type Marketplace, openMarketplace } from '../../support/koogallery/marketplace.ts';

const ORDER = { orderId: 'MOCKPERIODYEARNEW', orderLineId: 'MOCKPERIODYEARNEW-000001' };
const RENEWAL = { ...ORDER, scene: 'RENEWAL', expireTime: '20991231000000' };
const APPLY = { eventId: 'e', effectiveTime: '20260101000000', expireTime: '20990101000000' };
const BUYER = { customerId: 'c', productId: 'p', orderId: 'o', businessId: 'b' };
const I = { instanceId: 'never-seen' };
const L = { license: 'PL1' };

type Case = [generation: OpenChannel['generation'], intent: Intent['intent'], params: Record<string, string>];

const POSTS: Case[] = [
  ['saas-v2', 'create', { activity: 'newInstance', ...ORDER, businessId: 'b' }],
  ['saas-v2', 'query', { activity: 'queryInstance', instanceId: 'never-seen,nor-this' }],
  ['saas-v2', 'refresh', { activity: 'refreshInstance', ...I, ...RENEWAL }],
  ['saas-v2', 'freeze', { activity: 'updateInstanceStatus', ...I, status: 'FREEZE' }],
  ['saas-v2', 'unfreeze', { activity: 'updateInstanceStatus', ...I, status: 'UNFREEZE' }],
  ['saas-v2', 'release', { activity: 'releaseInstance', ...I }],
  ['saas-v2', 'upgrade', { activity: 'upgradeInstance', ...I, ...ORDER }],
  ['saas-v2', 'checkChange', { activity: 'changeInstanceCheck', ...I, productInfo: '{}' }],
  ['saas-v2', 'order.notify', { activity: 'orderNotify', ...ORDER }],
  ['license-v2', 'license.refresh', { activity: 'refreshLicenseCode', ...L, ...RENEWAL }],
  ['license-v2', 'license.freeze', { activity: 'updateLicenseCodeStatus', ...L, status: 'FREEZE' }],
  ['license-v2', 'license.release', { activity: 'releaseLicenseCode', ...L }],
  ['license-online', 'create', { activity: 'newInstance', ...ORDER, businessId: 'b' }],
  ['license-online', 'refresh', { activity: 'refreshInstance', ...I, ...RENEWAL }],
  ['license-online', 'release', { activity: 'releaseInstance', ...I }],
  ['license-online', 'license.getAsync', { activity: 'getLicenseAsync', ...I, ...APPLY }],
];
const GETS: Case[] = [
  ['saas-v1', 'create', { activity: 'newInstance', ...BUYER }],
  ['saas-v1', 'query', { activity: 'queryInstance', ...I }],
  ['saas-v1', 'refresh', { activity: 'refreshInstance', ...I, orderId: 'o', expireTime: '20990101000000' }],
  ['saas-v1', 'freeze', { activity: 'expireInstance', ...I, orderId: 'o' }],
  ['saas-v1', 'release', { activity: 'releaseInstance', ...I, orderId: 'o' }],
  ['saas-v1', 'upgrade', { activity: 'upgrade', ...I, orderId: 'o', skuCode: 's', productId: 'p' }],
  ['saas-v1', 'unfreeze', { activity: 'instanceStatus', ...I, instanceStatus: 'NORMAL' }],
  ['license-v1', 'license.get', { activity: 'getLicense', ...BUYER }],
  [
    'license-v1',
    'license.refresh',
    { activity: 'refreshLicense', ...I, orderId: 'o', expireTime: '20990101000000' },
  ],
  ['license-v1', 'license.freeze', { activity: 'expireLicense', ...I, orderId: 'o' }],
  ['license-v1', 'license.release', { activity: 'releaseLicense', ...I, orderId: 'o' }],
];

async function expectHarmless({ access }: Marketplace, activity: string) {
  const { prefix, probes } = channelKeys(access.slug);
  const names = (await access.redis.keys(`${prefix}:*`)).map((key) => key.slice(prefix.length + 1));
  expect(names.filter((name) => !name.startsWith('nonce:')).sort()).toEqual(['calls', 'counts', 'probes']);
  expect(Object.keys(await access.redis.hgetall(probes))).toEqual([activity]);
}

const modes = { chargingModes: ['period', 'on-demand'] as OpenChannel['chargingModes'] };

it.each([...POSTS, ...GETS])(
  'answers a debug call completely and touches nothing: %s %s',
  async (generation, intent, params) => {
    const marketplace = await openMarketplace({ channel: { generation, ...modes } });
    const isGet = GETS.some(([, , each]) => each === params);
    const call = { ...params, testFlag: '1' };
    for (let time = 0; time < 3; time += 1) {
      const { code, json } = await (isGet ? marketplace.get(call) : marketplace.post(call));
      expect(code).toBe('000000');
      expect(answerProblems({ generation, intent, answer: json })).toEqual([]);
    }
    await expectHarmless(marketplace, String(params.activity));
  },
);

it.each(['tenantSync', 'applicationSync', 'authSync', 'singleOrgSync', 'allOrgSync'])(
  'answers a debug call of joint operation and touches nothing: %s',
  async (activity) => {
    const marketplace = await openMarketplace();
    const body = { ...I, tenantId: 't', flag: 1, testFlag: 1, timeStamp: '20260101000000000' };
    expect((await marketplace.kit(activity, body)).code).toBe('000000');
    expect((await marketplace.kit(activity, body, { version: 1 })).code).toBe('000000');
    await expectHarmless(marketplace, activity);
  },
);
