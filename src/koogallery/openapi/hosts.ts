/** Where the open APIs of each site are. Pure. */
import { isLoopbackHost } from '../../alibaba/loopback.ts';

export type Site = 'cn' | 'intl' | 'eu';

/**
 * The first, and where to go if it is away. Only the China site has a second host of its own: pages of the others repeat
 * the sentence that names China's, which does not know their orders and would refuse them for good.
 */
const ORIGINS: Readonly<Record<Site, readonly [string, ...string[]]>> = {
  cn: ['https://mkt.myhuaweicloud.com', 'https://mkt.myhuaweicloud.cn'],
  intl: ['https://mkt-intl.myhuaweicloud.com'],
  eu: ['https://mkt.myhuaweicloud.eu'],
};

/** @param host that the settings name instead: a host name, or `http://127.0.0.1:PORT` for a simulator */
export function originsOf(site: Site, host?: string): readonly [string, ...string[]] {
  if (host === undefined) return ORIGINS[site];
  return [new URL(host.includes('://') ? host : `https://${host}`).origin];
}

/** Whether settings may name it: without TLS only on this machine. */
export function isUsableHost(host: string): boolean {
  const text = host.includes('://') ? host : `https://${host}`;
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, pathname, search, hash } = new URL(text);
  if (username + password + search + hash !== '' || pathname !== '/') return false;
  return protocol === 'https:' || (protocol === 'http:' && isLoopbackHost(hostname));
}
