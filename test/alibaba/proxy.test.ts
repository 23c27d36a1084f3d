import { expect, it } from 'vitest';
import { describeProxy, proxyFor } from '../../src/alibaba/proxy.ts';

const URL_OF_PROXY = 'http://user:secret@proxy:3128';
const goesDirectly = (address: string, ...bypass: string[]) =>
  proxyFor(address, { url: URL_OF_PROXY, bypass }) === undefined;
const PEER = 'https://cams.ap-southeast-1.aliyuncs.com';

it('a call leaves through the proxy, if there is one', () => {
  expect(proxyFor(PEER, { url: URL_OF_PROXY, bypass: [] })).toBe(URL_OF_PROXY);
  expect(proxyFor(PEER, { bypass: [] })).toBeUndefined();
  expect(describeProxy(URL_OF_PROXY)).toBe('proxy:3128');
});

it.each(['http://127.0.0.1:4100', 'https://localhost:4100', 'https://[::1]'])(
  '%s is reached directly',
  (address) => expect(goesDirectly(address)).toBe(true),
);

it.each([
  '*',
  'aliyuncs.com',
  '.aliyuncs.com',
  '*.aliyuncs.com',
  'ALIYUNCS.com:443',
  'cams.ap-southeast-1.aliyuncs.com',
])('%s in NO_PROXY means the peer too', (entry) => expect(goesDirectly(PEER, 'x', entry)).toBe(true));

it.each(['yuncs.com', 'aliyuncs.com:8443', 'com.', '10.0.0.0/8', '/', ':443', 'evil.cams.aliyuncs.com'])(
  '%s in NO_PROXY does not mean the peer',
  (entry) => expect(goesDirectly(PEER, entry)).toBe(false),
);

it.each([
  ['https://10.1.2.3', '10.0.0.0/8', true],
  ['https://11.1.2.3', '10.0.0.0/8', false],
  ['https://10.1.2.3', '10.1.2.3', true],
  ['https://10.1.2.3', '2.3', false],
  ['https://10.1.2.3', '10.0.0.0/99', false],
  ['https://[fd00::1]', 'fd00::/8', true],
  ['https://[fd00::1]', 'fd00::1', true],
  ['https://[fd00::1]:8443', '[fd00::1]:8443', true],
  ['https://[fd00::1]', '[fd00::1]:8443', false],
])('%s with NO_PROXY=%s: directly %s', (address, entry, isDirect) =>
  expect(goesDirectly(address, entry)).toBe(isDirect),
);
