/**
 * The channels of Huawei Cloud KooGallery: one for each production address that is registered in the seller's console. As
 * the settings say it, without the secrets, which stay in the environment. Pure.
 */
import { z } from 'zod';
import { isLoopbackHost } from '../alibaba/loopback.ts';
import { customerMappingSchema } from './koogallery-chatapp.ts';
import { whole } from './whole.ts';

const GENERATIONS = ['saas-v2', 'saas-v1', 'license-v2', 'license-v1', 'license-online'] as const;
export type Generation = (typeof GENERATIONS)[number];

const SITES = ['cn', 'intl', 'eu'] as const;
const CHARGING_MODES = ['period', 'one-time', 'on-demand', 'on-demand-package'] as const;

const CHARGING_MODES_WORDS = `must be a list of at least one of ${CHARGING_MODES.join(', ')}`;

const CHANNELS_MAX = 200;
/** Of what is told to the marketplace; an instance id has at most 64. */
const URL_CHARACTERS_MAX = 512;
const ID_CHARACTERS_MAX = 64;
const PLACEHOLDER = '{instanceId}';
const SEAL_KEY_CHARACTERS_MIN = 32;

const oneOf = (names: readonly string[]) => `must be one of ${names.join(', ')}`;

const fromEnvironment = z.strictObject({ env: z.string().min(1) }, { error: 'must be {"env": NAME}' });

const address = z.string().refine(isUsable, 'must be an https:// address');

/** Told to buyers, with the id of their instance in the place of `{instanceId}`. */
const template = z
  .string()
  .max(URL_CHARACTERS_MAX - ID_CHARACTERS_MAX)
  .refine((text) => isUsable(fillIn(text, 'id')) && !/[{}\s]/.test(fillIn(text, 'id')), {
    error: `must be an https:// address, in which ${PLACEHOLDER} may stand`,
  });

const provisionSchema = z.union(
  [
    z.strictObject({ webhook: address, secret: fromEnvironment }),
    z.strictObject({ chatapp: customerMappingSchema }),
    z.strictObject({ none: z.literal(true) }),
  ],
  {
    error:
      'must be {"webhook": URL, "secret": {"env": NAME}}, {"chatapp": {"account", "fields"}} or {"none": true}',
  },
);

/** A host, or an address of this machine for the simulator. @returns scheme and host */
const origin = z
  .string()
  .transform((text) => (text.includes('://') ? text : `https://${text}`))
  .refine((text) => isUsable(text) && new URL(text).pathname === '/', 'must be a host')
  .transform((text) => new URL(text).origin);

const openApiSchema = z.strictObject({
  accessKey: fromEnvironment,
  secretKey: fromEnvironment,
  /** By default that of the site. */
  host: origin.optional(),
  /** How usage is reported; pages disagree about whether the new interface wants the access key as well. */
  usage: z
    .strictObject({
      interface: z.enum(['new', 'old'], { error: 'must be new or old' }).default('new'),
      withAccessKey: z.boolean().default(true),
    })
    .default({ interface: 'new', withAccessKey: true }),
});

const channelSchema = z
  .strictObject({
    /** Part of the production address, and of every key in Redis. */
    slug: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'must be lower-case letters, digits and "-", at most 32'),
    generation: z.enum(GENERATIONS, { error: oneOf(GENERATIONS) }),
    site: z.enum(SITES, { error: oneOf(SITES) }),
    key: fromEnvironment,
    /** Accepted as well, while the marketplace changes over to a new one. */
    previousKey: fromEnvironment.optional(),
    /** Of the joint-operation interfaces, which have one of their own. */
    kitKey: fromEnvironment.optional(),
    /** Of the generic interfaces, which may have one of their own: `orderNotify`. */
    genericKey: fromEnvironment.optional(),
    chargingModes: z
      .array(z.enum(CHARGING_MODES, { error: oneOf(CHARGING_MODES) }), { error: CHARGING_MODES_WORDS })
      .min(1, CHARGING_MODES_WORDS),
    frontEndUrl: template.optional(),
    adminUrl: template.optional(),
    provision: provisionSchema,
    /** People are alerted to a create that takes longer: the marketplace cancels the order after three hours. */
    createLateMinutes: whole(1, 170).default(60),
    openApi: openApiSchema.optional(),
  })
  .refine(({ generation, frontEndUrl }) => frontEndUrl !== undefined || !needsAddress(generation), {
    path: ['frontEndUrl'],
    error: 'is needed: buyers are told it',
  })
  // Applications for a License would be acknowledged, and never answered with one.
  .refine(({ generation, provision }) => generation !== 'license-online' || !('none' in provision), {
    path: ['provision'],
    error: 'must be a webhook: it issues the Licenses',
  })
  .refine(({ generation, provision }) => isSaas(generation) || !('chatapp' in provision), {
    path: ['provision'],
    error: 'with chatapp is for the generations saas-v2 and saas-v1',
  })
  .refine(({ generation, openApi }) => generation !== 'license-online' || openApi !== undefined, {
    path: ['openApi'],
    error: 'is needed: Licenses are uploaded through it',
  });

export const koogallerySchema = z.strictObject({
  channels: z
    .array(channelSchema, { error: 'must be a list of channels' })
    .max(CHANNELS_MAX)
    .refine((channels) => new Set(channels.map(({ slug }) => slug)).size === channels.length, {
      error: 'has the same slug twice; every slug must be unique',
    })
    .default([]),
  /** Seal personal data and passwords: the first one does, all are tried to open. By default made from the keys. */
  sealKeys: z
    .array(
      z.string().min(SEAL_KEY_CHARACTERS_MIN, `must have at least ${SEAL_KEY_CHARACTERS_MIN} characters`),
    )
    .default([]),
});

export type ChannelSettings = z.output<typeof channelSchema>;

type Environment = Readonly<Record<string, string | undefined>>;

/** The places of a channel that name a variable, each with the variable. */
function namedBy({
  key,
  previousKey,
  kitKey,
  genericKey,
  provision,
  openApi,
}: ChannelSettings): [place: string, variable: string][] {
  const places = {
    key,
    previousKey,
    kitKey,
    genericKey,
    'provision.secret': 'webhook' in provision ? provision.secret : undefined,
    'openApi.accessKey': openApi?.accessKey,
    'openApi.secretKey': openApi?.secretKey,
  };
  return Object.entries(places).flatMap(([place, named]) =>
    named === undefined ? [] : [[place, named.env] as [string, string]],
  );
}

/** The variables that channels name. */
export function variablesOfChannels(channels: readonly ChannelSettings[]): string[] {
  return channels.flatMap((channel) => namedBy(channel).map(([, variable]) => variable));
}

/** What is wrong with the variables that channels name: never their values, which are secrets. */
export function findMissingSecrets(channels: readonly ChannelSettings[], environment: Environment): string[] {
  return channels.flatMap((channel, index) =>
    namedBy(channel)
      .filter(([, variable]) => !environment[variable])
      .map(([place, variable]) => `${index}.${place}: ${variable} is not set`),
  );
}

/** A template with the id of an instance. */
export function fillIn(text: string, instanceId: string): string {
  return text.replaceAll(PLACEHOLDER, encodeURIComponent(instanceId));
}

/** Whether buyers get an address of ours: a license is used without one. */
function needsAddress(generation: Generation): boolean {
  return generation !== 'license-v2' && generation !== 'license-v1';
}

/** Buyers of a license are told no address, so none of them would find a form. */
function isSaas(generation: Generation): boolean {
  return generation === 'saas-v2' || generation === 'saas-v1';
}

/** Without TLS only on this machine. */
function isUsable(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== '' || password !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && isLoopbackHost(hostname));
}
