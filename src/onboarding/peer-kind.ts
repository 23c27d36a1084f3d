/** Whether an endpoint is the real peer or a rehearsal. Pure. */
import { isLoopbackHost } from '../alibaba/loopback.ts';
import type { PeerKind } from '../redis/keys.ts';

const ALIBABA_SUFFIX = '.aliyuncs.com';
/** All names of this machine count as one host. */
const THIS_MACHINE = 'localhost';

export type Judged = { kind: PeerKind; problem?: never } | { kind?: never; problem: string };

/**
 * The endpoint tells it by itself where it is this machine (a rehearsal) or Alibaba Cloud; a declaration decides for any
 * other, and for a tunnel that begins on this machine.
 * @param declared what the settings say
 * @returns the kind, or what is wrong with the declaration
 */
export function judgePeer(endpoint: string, declared: PeerKind | undefined): Judged {
  const { hostname } = new URL(endpoint);
  if (hostname.endsWith(ALIBABA_SUFFIX))
    return declared === 'rehearsal'
      ? { problem: `cannot be rehearsal, because ${hostname} is Alibaba Cloud` }
      : { kind: 'real' };
  if (declared !== undefined) return { kind: declared };
  if (isLoopbackHost(hostname)) return { kind: 'rehearsal' };
  return {
    problem: `must be real or rehearsal, because ${hostname} is neither this machine nor Alibaba Cloud (*${ALIBABA_SUFFIX})`,
  };
}

/** The host of an endpoint as the ledger records it: without its port. */
export function peerHostOf(endpoint: string): string {
  const { hostname } = new URL(endpoint);
  return isLoopbackHost(hostname) ? THIS_MACHINE : hostname;
}
