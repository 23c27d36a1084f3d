import { expect, it } from 'vitest';
import { openChannels } from '../../src/koogallery/channels.ts';
import { publicAddressOf } from '../../src/onboarding/http-settings.ts';
import { fillTemplate, parsePath } from '../../src/onboarding/koogallery-paths.ts';
import { parseSettings } from '../../src/onboarding/settings.ts';

const CREDENTIALS = { type: 'file', path: 'key.json' } as const;
const MAPPING = {
  account: 'sales',
  fields: { CustSpaceId: 'buyer.customerId', CountryId: { text: 'SG' }, CustName: 'extend.公司 name.x' },
  agreement: '/srv/agreements/{buyer.customerId}.pdf',
};
const CHANNEL = {
  ...{ slug: 'shop', generation: 'saas-v2', site: 'intl', key: { env: 'K' }, chargingModes: ['period'] },
  frontEndUrl: 'https://app.example/i/{instanceId}',
  provision: { chatapp: MAPPING },
} as const;

interface Changes {
  channels: readonly unknown[];
  publicUrl?: string | undefined;
  basePath?: string;
}

function parse({ channels, publicUrl = 'https://isv.example', basePath = '' }: Changes) {
  const http = { ...(publicUrl !== '' && { publicUrl }), basePath };
  const accounts = [{ name: 'sales', credentials: CREDENTIALS }];
  return parseSettings({ accounts, http, koogallery: { channels } });
}

const withMapping = (changes: object) => ({ ...CHANNEL, provision: { chatapp: { ...MAPPING, ...changes } } });

it('reads how a purchase becomes a customer, and where the form is', () => {
  const settings = parse({ channels: [CHANNEL], basePath: '/isv' });
  expect(openChannels(settings, { K: 'key' })).toMatchObject([
    { provision: { kind: 'chatapp', ...MAPPING, formUrl: 'https://isv.example/isv/form/shop' } },
  ]);
  // What was parsed may be given to a program that parses it again.
  expect(parseSettings(settings)).toEqual(settings);
});

it('does not repeat a path that the public address has already', () => {
  expect(publicAddressOf({ publicUrl: 'https://a.example/isv', basePath: '/isv' })).toBe(
    'https://a.example/isv',
  );
  expect(publicAddressOf({ publicUrl: 'https://a.example', basePath: '' })).toBe('https://a.example');
  expect(publicAddressOf({ publicUrl: undefined, basePath: '/isv' })).toBeUndefined();
});

it('names every problem of a mapping at its place, with all else that is wrong', () => {
  const channels = [
    withMapping({ account: 'unknown', fields: { CustName: 'buyers.x', Name: 'orderId', CountryId: {} } }),
    { ...withMapping({ agreement: 'agreements/{orderId}.pdf' }), slug: 'two', site: 'us' },
    { ...withMapping({ agreement: '/srv/{buyer.customerId' }), slug: 'three' },
    { ...withMapping({ agreement: '/srv/{who}.pdf' }), slug: 'four', generation: 'license-v2' },
  ];
  let message = '';
  try {
    parse({ channels });
  } catch (error) {
    ({ message } = error as Error);
  }
  for (const problem of [
    'koogallery.channels.0.provision.chatapp.fields.CustName: must be instanceId',
    'koogallery.channels.0.provision.chatapp.fields: Unrecognized key: "Name"',
    'koogallery.channels.0.provision.chatapp.fields.CountryId: must be instanceId',
    'koogallery.channels.1.provision.chatapp.agreement: must be an absolute path',
    'koogallery.channels.1.site',
    'koogallery.channels.2.provision.chatapp.agreement: has braces',
    'koogallery.channels.3.provision.chatapp.agreement: has braces',
    'koogallery.channels.3.provision: with chatapp is for the generations saas-v2 and saas-v1',
  ])
    expect(message).toContain(problem);
});

it('needs an account that is there, and an address for the form', () => {
  const strange = { ...withMapping({ account: 'nobody' }), slug: 'two' };
  expect(() => parse({ channels: [CHANNEL, strange], publicUrl: '' })).toThrow(
    'koogallery.channels.1.provision.chatapp.account: is not one of the configured accounts; http.publicUrl: is needed: buyers of the channel shop are told where its form is',
  );
  const long = `https://isv.example/${'x'.repeat(250)}`;
  expect(() => parse({ channels: [CHANNEL], publicUrl: long })).toThrow('http.publicUrl: is too long');
});

it('reads paths', () => {
  expect(parsePath('order.orderLine.0.productInfo.0.productName')).toEqual({
    of: 'order',
    steps: ['orderLine', '0', 'productInfo', '0', 'productName'],
  });
  expect(parsePath('extend.Name of your company (v1.0)')).toEqual({
    of: 'extend',
    name: 'Name of your company (v1.0)',
  });
  for (const text of ['', 'order', 'order.', 'order..x', 'buyer. ', '.x', 'orderID', 'constructor'])
    expect(parsePath(text)).toBeUndefined();
  expect(fillTemplate('/a/{x}/{y}.pdf', (path) => path.toUpperCase())).toBe('/a/X/Y.pdf');
});

it('refuses a text that no customer could have, before anything is bought', () => {
  const fields = {
    CountryId: { text: 'Singapore' },
    ContactMail: { text: 'nobody' },
    CustName: { text: ' ' },
  };
  expect(() => parse({ channels: [withMapping({ fields })] })).toThrow(
    /fields\.CustName: is empty; .*fields\.ContactMail: .*; .*fields\.CountryId: /,
  );
});
