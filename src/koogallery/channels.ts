/** The channels of KooGallery with their secrets: made at the start of a process, never stored or logged. Pure. */
import { AppError } from '../errors.ts';
import { publicAddressOf } from '../onboarding/http-settings.ts';
import { type CustomerMapping, formUrlOf } from '../onboarding/koogallery-chatapp.ts';
import { type ChannelSettings, fillIn, findMissingSecrets } from '../onboarding/koogallery-settings.ts';
import type { Settings } from '../onboarding/settings.ts';

export interface ChannelKeys {
  current: string;
  /** Accepted as well, while the marketplace changes over. */
  previous?: string | undefined;
  /** Of the joint-operation interfaces. */
  kit?: string | undefined;
}

/** Who makes an instance usable. */
export type Provision =
  | { kind: 'webhook'; url: string; secret: string }
  | ChatAppProvision
  | { kind: 'none' };

/** A purchase becomes a customer of an account. */
export interface ChatAppProvision extends CustomerMapping {
  kind: 'chatapp';
  /** Where buyers tell what a purchase does not say. */
  formUrl: string;
}

export interface OpenApiAccess {
  accessKey: string;
  secretKey: string;
  /** Scheme and host. */
  origin: string;
  /** How usage is reported. */
  usage: { interface: 'new' | 'old'; withAccessKey: boolean };
}

export interface OpenChannel extends Pick<ChannelSettings, 'slug' | 'generation' | 'site' | 'chargingModes'> {
  keys: ChannelKeys;
  /** Keys that seal what Redis holds: the first one seals, all are tried to open. */
  sealKeys: readonly string[];
  /** Templates; see `addressesOf`. */
  frontEndUrl?: string | undefined;
  adminUrl?: string | undefined;
  provision: Provision;
  openApi?: OpenApiAccess | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

const ORIGINS = {
  cn: 'https://mkt.myhuaweicloud.com',
  intl: 'https://mkt-intl.myhuaweicloud.com',
  eu: 'https://mkt.myhuaweicloud.eu',
} as const satisfies Record<ChannelSettings['site'], string>;

/** @throws AppError CONFIG_INVALID that names everything that the environment lacks */
export function openChannels(
  { koogallery, http }: Pick<Settings, 'koogallery' | 'http'>,
  environment: Environment,
): OpenChannel[] {
  const { channels, sealKeys } = koogallery;
  const problems = findMissingSecrets(channels, environment);
  if (problems.length > 0) throw new AppError('CONFIG_INVALID', `KooGallery: ${problems.join('; ')}`);
  const publicAddress = publicAddressOf(http);
  return channels.map((channel) => openChannel(channel, { sealKeys, environment, publicAddress }));
}

/** What buyers are told of an instance. */
export function addressesOf(
  { frontEndUrl, adminUrl }: Pick<OpenChannel, 'frontEndUrl' | 'adminUrl'>,
  instanceId: string,
): { frontEndUrl?: string; adminUrl?: string } {
  return {
    ...(frontEndUrl !== undefined && { frontEndUrl: fillIn(frontEndUrl, instanceId) }),
    ...(adminUrl !== undefined && { adminUrl: fillIn(adminUrl, instanceId) }),
  };
}

/** Where usage is reported, and figures of it are mandatory. Packages have pay-per-use instances beside them. */
export function sellsByUse({ chargingModes }: Pick<OpenChannel, 'chargingModes'>): boolean {
  return chargingModes.includes('on-demand') || chargingModes.includes('on-demand-package');
}

interface Opening {
  sealKeys: readonly string[];
  environment: Environment;
  publicAddress: string | undefined;
}

function openChannel(channel: ChannelSettings, opening: Opening): OpenChannel {
  const { sealKeys, environment } = opening;
  const secretOf = (named: { env: string }) => environment[named.env] ?? '';
  const { slug, generation, site, chargingModes, frontEndUrl, adminUrl, openApi } = channel;
  const keys = {
    current: secretOf(channel.key),
    previous: channel.previousKey && secretOf(channel.previousKey),
    kit: channel.kitKey && secretOf(channel.kitKey),
  };
  return {
    ...{ slug, generation, site, chargingModes, frontEndUrl, adminUrl, keys },
    // What was sealed before there was a key for it must still open.
    sealKeys: [...sealKeys, keys.current, ...(keys.previous === undefined ? [] : [keys.previous])],
    provision: openProvision(channel, opening),
    openApi: openApi && {
      accessKey: secretOf(openApi.accessKey),
      secretKey: secretOf(openApi.secretKey),
      origin: openApi.host ?? ORIGINS[site],
      usage: openApi.usage,
    },
  };
}

function openProvision(
  { slug, provision }: ChannelSettings,
  { environment, publicAddress = '' }: Opening,
): Provision {
  if ('webhook' in provision)
    return { kind: 'webhook', url: provision.webhook, secret: environment[provision.secret.env] ?? '' };
  if (!('chatapp' in provision)) return { kind: 'none' };
  return { kind: 'chatapp', ...provision.chatapp, formUrl: formUrlOf(publicAddress, slug) };
}
