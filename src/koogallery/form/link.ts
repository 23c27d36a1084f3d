/**
 * The address of the form on which a buyer tells what a purchase does not say. Whoever has it may fill the form of that
 * one instance, and nothing else: a MAC proves it. It is made again whenever it is needed, so nothing of it is stored.
 */
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

const KEY_BYTES = 32;
/** Identifiers of the marketplace are shorter. */
const TOKEN_LENGTH_MAX = 512;

/** What of a channel names its links. */
export interface LinkSecrets {
  slug: string;
  /** The first makes links, all are tried to read one. */
  sealKeys: readonly string[];
}

/**
 * @returns `formUrl#TOKEN`: browsers send a fragment to no server, so it is in no log of a proxy and in no `Referer`
 */
export function formLinkOf(
  channel: LinkSecrets & { provision: { formUrl: string } },
  instanceId: string,
): string {
  return `${channel.provision.formUrl}#${formTokenOf(channel, instanceId)}`;
}

/** @returns `INSTANCE.MAC`, fit for a URL */
export function formTokenOf({ slug, sealKeys }: LinkSecrets, instanceId: string): string {
  const mac = macOf({ slug, secret: sealKeys[0] ?? '' }, instanceId);
  return `${encodeURIComponent(instanceId)}.${mac.toString('base64url')}`;
}

/** @returns the instance whose form it opens; undefined for a token that none of the channel's keys made */
export function readFormToken({ slug, sealKeys }: LinkSecrets, token: string): string | undefined {
  const dot = token.lastIndexOf('.');
  if (dot < 1 || token.length > TOKEN_LENGTH_MAX) return undefined;
  const instanceId = decode(token.slice(0, dot));
  const given = Buffer.from(token.slice(dot + 1));
  if (instanceId === undefined) return undefined;
  // All are compared, so that the time tells nothing about which of them it was.
  const fitting = sealKeys.filter((secret) => {
    const made = Buffer.from(macOf({ slug, secret }, instanceId).toString('base64url'));
    return made.length === given.length && timingSafeEqual(made, given);
  });
  return fitting.length > 0 ? instanceId : undefined;
}

/** Whether an address that a buyer was told is that of the form of an instance. */
export function isFormLink(secrets: LinkSecrets, instanceId: string, address: string | undefined): boolean {
  const token = address?.split('#')[1];
  return token !== undefined && readFormToken(secrets, token) === instanceId;
}

function macOf({ slug, secret }: { slug: string; secret: string }, instanceId: string): Buffer {
  const key = hkdfSync('sha256', secret, '', `isv-onboarding koogallery form ${slug}`, KEY_BYTES);
  return createHmac('sha256', Buffer.from(key))
    .update(JSON.stringify([slug, instanceId]))
    .digest();
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
