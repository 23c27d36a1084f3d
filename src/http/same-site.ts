/**
 * What a browser may be made to do by somebody else's page. A name of their own that leads to this machine (DNS rebinding)
 * shows in Host; a request from their page shows in Origin and Sec-Fetch-Site. Pure.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { isLoopbackHost } from '../alibaba/loopback.ts';
import type { HttpSettings } from '../onboarding/http-settings.ts';

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];
const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];

export interface OwnHosts {
  /** Without a port: whoever can listen on another port of a host does not need us. */
  names: ReadonlySet<string>;
  /** Whether any address will do: no name was looked up, so none can have been redirected. */
  allowsAddresses: boolean;
}

/** Whether the settings let nobody but this machine reach the pages. */
export function isForThisMachine({ host, publicUrl, trustedProxies }: HttpSettings): boolean {
  const isPublic = publicUrl !== undefined && !isLoopbackHost(new URL(publicUrl).hostname);
  return isLoopbackHost(host) && trustedProxies.length === 0 && !isPublic;
}

/** @param isOpen whether everybody on this machine is let in */
export function ownHostsOf({ host, publicUrl }: HttpSettings, isOpen: boolean): OwnHosts {
  const own = [host, publicUrl === undefined ? undefined : new URL(publicUrl).host];
  const names = own.flatMap((each) => nameOf(each) ?? []);
  return { names: new Set([...LOOPBACK_NAMES, ...names]), allowsAddresses: !isOpen };
}

/** @param host as in the header: with a port, or without */
export function isOwnHost(host: string | undefined, { names, allowsAddresses }: OwnHosts): boolean {
  const name = nameOf(host);
  if (name === undefined) return false;
  return names.has(name) || (allowsAddresses && isIP(name.replace(/^\[|\]$/g, '')) !== 0);
}

function nameOf(host: string | undefined): string | undefined {
  if (host === undefined || /[\s/\\?#@,]/.test(host)) return undefined;
  const bare = isIP(host) === 6 ? `[${host}]` : host;
  return URL.canParse(`http://${bare}`) ? new URL(`http://${bare}`).hostname : undefined;
}

export interface Asked {
  method: string;
  /** As the browser called it. */
  host: string;
  headers: IncomingHttpHeaders;
}

/** Whether another site's page makes this request. Following a link to one of our pages is no harm. */
export function isFromElsewhere({ method, host, headers }: Asked, publicUrl?: string): boolean {
  const site = headers['sec-fetch-site'];
  const isOtherSite = site !== undefined && site !== 'same-origin' && site !== 'none';
  if (SAFE_METHODS.includes(method)) {
    const isLink = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
    return isOtherSite && !isLink;
  }
  return isOtherSite || (headers.origin !== undefined && !isOwnOrigin(headers.origin, host, publicUrl));
}

function isOwnOrigin(origin: string, host: string, publicUrl: string | undefined): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, host: from } = new URL(origin);
  // The port that a scheme implies may be written in one and not in the other.
  const called = URL.canParse(`${protocol}//${host}`) ? new URL(`${protocol}//${host}`).host : undefined;
  return from === called || (publicUrl !== undefined && new URL(publicUrl).origin === origin);
}

/** Where a browser may be sent on: a path of this host. Two slashes, or a backslash, would lead to another one. */
export function ownPath(text: unknown, otherwise = '/'): string {
  return typeof text === 'string' && /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(text) ? text : otherwise;
}
