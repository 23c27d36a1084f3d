import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { addressesOf, openChannels } from '../../src/koogallery/channels.ts';
import { readSettings } from '../../src/onboarding/config.ts';
import { describeUnknown } from '../../src/onboarding/unknown-variables.ts';
import { uniqueName } from '../support/redis.ts';

const CHANNEL = {
  slug: 'shop',
  generation: 'saas-v2',
  site: 'intl',
  key: { env: 'SHOP_KEY' },
  chargingModes: ['period'],
  frontEndUrl: 'https://app.example/i/{instanceId}',
  provision: { webhook: 'https://seller.example/hook', secret: { env: 'SHOP_SECRET' } },
} as const;

async function settingsOf(channels: unknown, environment: Record<string, string> = {}) {
  const file = join(tmpdir(), `${uniqueName()}.json`);
  onTestFinished(() => rm(file));
  await writeFile(file, JSON.stringify(channels));
  return readSettings({ ONBOARD_KOOGALLERY: file, ...environment });
}

it('reads a channel, and fills in its secrets', async () => {
  const environment = {
    SHOP_KEY: 'key',
    SHOP_SECRET: 'secret',
    AK: 'ak',
    SK: 'sk',
    ONBOARD_SEAL_KEY: 's'.repeat(32),
  };
  const openApi = { accessKey: { env: 'AK' }, secretKey: { env: 'SK' } };
  const settings = await settingsOf([{ ...CHANNEL, openApi }], environment);
  expect(JSON.stringify(settings.koogallery.channels)).not.toMatch(/"(key|secret|ak|sk)"[,}]/);
  expect(openChannels(settings, environment)).toEqual([
    {
      ...{ slug: 'shop', generation: 'saas-v2', site: 'intl', chargingModes: ['period'] },
      ...{ frontEndUrl: CHANNEL.frontEndUrl, adminUrl: undefined },
      keys: { current: 'key', previous: undefined, kit: undefined, generic: undefined },
      sealKeys: ['s'.repeat(32), 'key'],
      provision: { kind: 'webhook', url: 'https://seller.example/hook', secret: 'secret' },
      openApi: {
        ...{ accessKey: 'ak', secretKey: 'sk', origin: 'https://mkt-intl.myhuaweicloud.com' },
        usage: { interface: 'new', withAccessKey: true },
      },
    },
  ]);
  expect(describeUnknown(environment, settings)).toBeUndefined();
});

it('names every problem of the file and of the environment at once, and no secret', async () => {
  const channels = [
    { ...CHANNEL, slug: 'Bad Slug', generation: 'saas-v3', site: 'us', frontEndUrl: 'http://app.example/' },
    { ...CHANNEL, chargingModes: ['daily'], provision: { webhook: 'ftp://x' }, kitKey: 'plain-secret' },
    { ...CHANNEL, frontEndUrl: 'https://app.example/{id}', slug: 'two', more: 1 },
    { ...CHANNEL, frontEndUrl: undefined, openApi: { host: 'a/b' } },
  ];
  const failing = settingsOf(channels, { ONBOARD_SEAL_KEY: 'short' });
  const { message } = await failing.then(
    () => new Error('nothing'),
    (error: Error) => error,
  );
  for (const place of [
    'ONBOARD_KOOGALLERY: 0.slug',
    '0.generation: must be one of saas-v2',
    '0.site',
    '0.frontEndUrl',
    '1.chargingModes.0',
    '1.provision: must be',
    '1.kitKey: must be {"env": NAME}',
    '2.frontEndUrl',
    '2: Unrecognized key: "more"',
    '3.openApi.host: must be a host',
    'ONBOARD_SEAL_KEY: 0: must have at least 32',
  ])
    expect(message).toContain(place);
  expect(message).not.toMatch(/plain-secret|short/);
});

it('names the variables that are missing', async () => {
  const kit = { ...CHANNEL, slug: 'kit', kitKey: { env: 'KIT_KEY' }, genericKey: { env: 'GENERIC' } };
  await expect(settingsOf([CHANNEL, kit], { SHOP_KEY: 'k' })).rejects.toThrow(
    'ONBOARD_KOOGALLERY: 0.provision.secret: SHOP_SECRET is not set; ONBOARD_KOOGALLERY: 1.kitKey: KIT_KEY is not set; ONBOARD_KOOGALLERY: 1.genericKey: GENERIC is not set; ONBOARD_KOOGALLERY: 1.provision.secret: SHOP_SECRET is not set',
  );
});

it('refuses a slug that is there twice, and an address that buyers need and nobody gave', async () => {
  const environment = { SHOP_KEY: 'k', SHOP_SECRET: 's' };
  await expect(settingsOf([CHANNEL, CHANNEL], environment)).rejects.toThrow('has the same slug twice');
  const without = { ...CHANNEL, frontEndUrl: undefined };
  await expect(settingsOf([without], environment)).rejects.toThrow('0.frontEndUrl: is needed');
  const license = { ...without, generation: 'license-v2' };
  expect((await settingsOf([license], environment)).koogallery.channels).toHaveLength(1);
});

it('refuses Licenses that nobody would issue or upload, with all else that is wrong', async () => {
  const online = { ...CHANNEL, generation: 'license-online' };
  const openApi = { accessKey: { env: 'AK' }, secretKey: { env: 'SK' } };
  const none = { ...online, slug: 'none', provision: { none: true } };
  const environment = { SHOP_KEY: 'k', SHOP_SECRET: 's', AK: 'a', SK: 's' };
  const failing = expect(settingsOf([online, none, { ...CHANNEL, slug: 'Bad' }], environment)).rejects;
  await failing.toThrow(
    /0\.openApi: is needed.*1\.provision: must be a webhook.*1\.openApi: is needed.*2\.slug/s,
  );
  expect((await settingsOf([{ ...online, openApi }], environment)).koogallery.channels).toHaveLength(1);
});

it('tells buyers the address of their instance', () => {
  const templates = { frontEndUrl: 'https://a.example/?i={instanceId}', adminUrl: 'https://b.example/' };
  expect(addressesOf(templates, 'a b')).toEqual({
    frontEndUrl: 'https://a.example/?i=a%20b',
    adminUrl: 'https://b.example/',
  });
  expect(addressesOf({}, 'x')).toEqual({});
});

it('says which charging modes there are, where none is named', async () => {
  for (const chargingModes of [undefined, [], 'period'])
    await expect(settingsOf([{ ...CHANNEL, chargingModes }])).rejects.toThrow(
      '0.chargingModes: must be a list of at least one of period, one-time, on-demand, on-demand-package',
    );
});
