/** What a check before going live comes to: the findings of `doctor`, each with a code and a place. */
import type { Finding } from '../../onboarding/finding.ts';

/** For programs: a code is never given another meaning. */
export const CHECK_CODES = [
  'address',
  'address_public',
  'alpn',
  'answers',
  'body_sign',
  'certificate_chain',
  'certificate_days',
  'certificate_host',
  'clock',
  'durability',
  'keys_apart',
  'keys_length',
  'latency',
  'open_api',
  'orders_failed',
  'probe_days',
  'probes_needed',
  'probes_recent',
  'receiver',
  'redis',
  'rights',
  'seal_key',
  'tls_versions',
  'webhook',
  'workers',
] as const;
export type CheckCode = (typeof CHECK_CODES)[number];

export interface CheckFinding extends Finding {
  code: CheckCode;
  /** The slug of a channel, a host, or `keys`: what it is about. */
  where: string;
}

/** What stays to be said of one thing that was looked at. */
export interface Said {
  code: CheckCode;
  where: string;
  what: string;
  text: string;
}

export const ok = (said: Said): CheckFinding => ({ ...said, isOk: true });

/** Worth knowing, or not to be told from here. @param hint what to do */
export const note = (said: Said, hint: string): CheckFinding => ({ ...said, isOk: true, isNote: true, hint });

/** @param hint what to do */
export const bad = (said: Said, hint: string): CheckFinding => ({ ...said, isOk: false, hint });
