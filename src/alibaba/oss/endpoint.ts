/** The address of OSS as the peer gives it: normalised, and refused unless it is where credentials may go. Pure. */
import { AppError } from '../../errors.ts';
import { quoted } from '../../printable.ts';
import { isLoopbackHost } from '../loopback.ts';

/** Which hosts may receive an agreement. */
export interface EndpointRules {
  /** Names of hosts; each stands for itself and for all below it, with or without a dot before it. */
  allowedSuffixes: readonly string[];
  /** True if Chat App is simulated on this machine. */
  allowsLoopback: boolean;
}

/** Longest host that a message shows, in characters. */
const HOST_LENGTH_MAX = 100;

/** Strips what documentation and practice put around the host: scheme, user, path, and the bucket's own name. */
export function normaliseHost(endpoint: string, bucket: string): string {
  const host = endpoint
    .trim()
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, '')
    .replace(/[/?#].*$/, '')
    .replace(/^.*@/, '');
  return host.startsWith(`${bucket}.`) ? host.slice(bucket.length + 1) : host;
}

/**
 * @returns the scheme to use: https, except for the simulator on this machine
 * @throws AppError ENDPOINT_REFUSED
 */
export function assertAllowedHost(host: string, rules: EndpointRules): 'https' | 'http' {
  const name = host.replace(/:\d+$/, '');
  if (rules.allowsLoopback && isLoopbackHost(name)) return 'http';
  const isAllowed =
    /^[a-z0-9.-]+$/.test(name) && rules.allowedSuffixes.some((suffix) => isBelow(name, suffix));
  if (isAllowed) return 'https';
  throw new AppError(
    'ENDPOINT_REFUSED',
    `The peer named the upload host ${quoted(host, HOST_LENGTH_MAX)}, which is not in OSS_ENDPOINT_ALLOW.`,
  );
}

/** The dot counts: `evilaliyuncs.com` is not below `aliyuncs.com`. */
function isBelow(name: string, suffix: string): boolean {
  const domain = suffix.toLowerCase().replace(/^\./, '');
  return name === domain || name.endsWith(`.${domain}`);
}

/** The region in a host like `oss-ap-southeast-1-internal.aliyuncs.com`; other hosts do not show it. */
export function regionOf(host: string): string | undefined {
  return /^(?:[^.]+\.)?oss-([a-z]{2}-[a-z0-9-]+?)(?:-internal)?\.aliyuncs\.com$/.exec(host)?.[1];
}
