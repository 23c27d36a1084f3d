/** Which way a call leaves this machine: through the proxy of the network, or past it. Pure. */
import { BlockList, isIP } from 'node:net';
import { isLoopbackHost } from './loopback.ts';

export interface ProxySettings {
  /** `http://user:password@proxy:3128`; absent if calls leave directly. */
  url?: string | undefined;
  /** Hosts that are reached past it: `name` (and all below it), `.name`, `name:port`, an address, `10.0.0.0/8`, or `*`. */
  bypass: readonly string[];
}

/**
 * @param address scheme, host and port of what is called
 * @returns the URL of the proxy; undefined if the call leaves directly. This machine is always reached directly, and so is
 *   whatever is called without TLS, which is only a simulator.
 */
export function proxyFor(address: string, { url, bypass }: ProxySettings): string | undefined {
  const { protocol, hostname, port } = new URL(address);
  if (url === undefined || protocol !== 'https:' || isLoopbackHost(hostname)) return undefined;
  const target = { host: hostname.replace(/^\[|\]$/g, '').toLowerCase(), port: port || '443' };
  return bypass.some((entry) => matches(entry.toLowerCase(), target)) ? undefined : url;
}

/** A proxy as people may read it: without its user and password. */
export function describeProxy(url: string): string {
  return new URL(url).host;
}

function matches(entry: string, { host, port }: { host: string; port: string }): boolean {
  if (entry === '*') return true;
  if (entry.includes('/')) return isInNetwork(entry, host);
  const [, name = '', ofPort = port] = /^(\[.*\]|[^:]*|.*:.*:.*?)(?::(\d+))?$/.exec(entry) ?? [];
  if (ofPort !== port) return false;
  const wanted = name.replace(/^\[|\]$/g, '').replace(/^\*?\./, '');
  return wanted !== '' && (host === wanted || (isIP(host) === 0 && host.endsWith(`.${wanted}`)));
}

function isInNetwork(entry: string, host: string): boolean {
  const [network = '', bits = ''] = entry.split('/');
  const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
  if (isIP(network) === 0 || isIP(host) === 0 || !/^\d{1,3}$/.test(bits)) return false;
  if (Number(bits) > (family === 'ipv6' ? 128 : 32)) return false;
  const list = new BlockList();
  list.addSubnet(network, Number(bits), family);
  return list.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4');
}
