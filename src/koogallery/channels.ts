/** The channels of KooGallery with their secrets: made at the start of a process, never stored or logged. Pure. */
import { AppError } from '../errors.ts';
import {
  type ChannelSettings,
  fillIn,
  findMissingSecrets,
  type KooGallerySettings,
} from '../onboarding/koogallery-settings.ts';

export interface ChannelKeys {
  current: string;
  /** Accepted as well, while the marketplace changes over. */
  previous?: string | undefined;
  /** Of the joint-operation interfaces. */
  kit?: string | undefined;
  /** Of the generic interfaces: news of orders. */
  generic?: string | undefined;
}

/** Who makes an instance usable. */
export type Provision = { kind: 'webhook'; url: string; secret: string } | { kind: 'none' };

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

/** Where the marketplace's open APIs are by default: scheme and host. */
export const ORIGINS = {
  cn: 'https://mkt.myhuaweicloud.com',
  intl: 'https://mkt-intl.myhuaweicloud.com',
  eu: 'https://mkt.myhuaweicloud.eu',
} as const satisfies Record<ChannelSettings['site'], string>;

/** @throws AppError CONFIG_INVALID that names everything that the environment lacks, and what cannot be served */
export function openChannels(settings: KooGallerySettings, environment: Environment): OpenChannel[] {
  const { channels, sealKeys } = settings;
  const unserved = channels.flatMap(({ provision, slug }) =>
    'chatapp' in provision ? [`${slug}: this version cannot provision with chatapp yet; use webhook`] : [],
  );
  const problems = [...findMissingSecrets(channels, environment), ...unserved];
  if (problems.length > 0) throw new AppError('CONFIG_INVALID', `KooGallery: ${problems.join('; ')}`);
  return channels.map((channel) => openChannel(channel, { sealKeys, environment }));
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
}

function openChannel(channel: ChannelSettings, { sealKeys, environment }: Opening): OpenChannel {
  const secretOf = (named: { env: string }) => environment[named.env] ?? '';
  const { slug, generation, site, chargingModes, frontEndUrl, adminUrl, openApi } = channel;
  const keys = {
    current: secretOf(channel.key),
    previous: channel.previousKey && secretOf(channel.previousKey),
    kit: channel.kitKey && secretOf(channel.kitKey),
    generic: channel.genericKey && secretOf(channel.genericKey),
  };
  const { provision } = channel;
  return {
    ...{ slug, generation, site, chargingModes, frontEndUrl, adminUrl, keys },
    // What was sealed before there was a key for it must still open.
    sealKeys: [...sealKeys, keys.current, ...(keys.previous === undefined ? [] : [keys.previous])],
    provision:
      'webhook' in provision
        ? { kind: 'webhook', url: provision.webhook, secret: secretOf(provision.secret) }
        : { kind: 'none' },
    openApi: openApi && {
      accessKey: secretOf(openApi.accessKey),
      secretKey: secretOf(openApi.secretKey),
      origin: openApi.host ?? ORIGINS[site],
      usage: openApi.usage,
    },
  };
}
