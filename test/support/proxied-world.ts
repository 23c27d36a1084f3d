/** A world whose peers are reached under the names of the real ones, with TLS, and only through a proxy. */
import { expect } from 'vitest';
import { createAuthority, readPair } from './certificates.ts';
import { type ConnectProxy, startConnectProxy } from './connect-proxy.ts';
import { startTlsFront } from './tls-front.ts';
import { createWorld, type World } from './world.ts';

const CHATAPP = 'cams.test.aliyuncs.com';
const OSS = 'oss-ap-southeast-1.aliyuncs.com';

export interface ProxiedWorld extends World {
  proxy: ConnectProxy;
}

export async function createProxiedWorld(): Promise<ProxiedWorld> {
  const authority = await createAuthority();
  const pair = await readPair(await authority.sign(`DNS:${CHATAPP}`, `DNS:*.${OSS}`));
  const ports = new Map<string, number>();
  const proxy = await startConnectProxy((host) => ports.get(host.endsWith(OSS) ? OSS : host));
  const world = await createWorld({
    namesItself: false,
    // More than we send: on a loaded machine, calls that left in good order are seen closer together.
    rate: 7,
    ossEndpoint: `https://${OSS}`,
    endpoint: `https://${CHATAPP}`,
    environment: { HTTPS_PROXY: proxy.url, NODE_EXTRA_CA_CERTS: authority.ca },
  });
  const { endpoint, state } = world.simulator;
  ports.set(CHATAPP, await startTlsFront(Number(new URL(endpoint).port), pair));
  ports.set(OSS, await startTlsFront(state.ossPort, pair));
  expect(proxy.asked).toEqual([]);
  return { ...world, proxy };
}
