/** Who is alerted: as the settings say it, and as it is with the environment's secrets filled in. Pure. */
import { z } from 'zod';
import { isLoopbackHost } from '../alibaba/loopback.ts';
import { AppError } from '../errors.ts';
import type { AlertEvent } from './events.ts';
import { EVENT_TYPES, TEST_EVENT } from './events.ts';

export const RECEIVER_TYPES = ['webhook', 'slack', 'dingtalk', 'feishu', 'wecom'] as const;
export type ReceiverType = (typeof RECEIVER_TYPES)[number];

/** Most receivers of one installation. */
const RECEIVERS_MAX = 20;
/** Where a signature is part of the form; the others would take a secret and never use it. */
const SIGNED: readonly ReceiverType[] = ['webhook', 'dingtalk', 'feishu'];

const fromEnvironment = z.strictObject({ env: z.string().min(1) }, { error: 'must be {"env": NAME}' });

const receiverSchema = z
  .strictObject({
    type: z.enum(RECEIVER_TYPES, { error: `must be one of ${RECEIVER_TYPES.join(', ')}` }),
    /** For people; by default the type, with a number where there are several. */
    name: z
      .string()
      .regex(/^[\w-]{1,40}$/, 'must be letters, digits, "-" and "_", at most 40')
      .optional(),
    /** It is a secret too with most vendors, so it may come from the environment. */
    url: z.union([z.string().refine(isUsable, 'must be an https:// address'), fromEnvironment], {
      error: 'must be an https:// address, or {"env": NAME}',
    }),
    secret: fromEnvironment.optional(),
    /** All by default. */
    events: z
      .array(z.enum(EVENT_TYPES, { error: `must be one of ${EVENT_TYPES.join(', ')}` }))
      .min(1)
      .optional(),
    language: z.enum(['en', 'zh'], { error: 'must be en or zh' }).default('en'),
  })
  .refine(({ type, secret }) => secret === undefined || SIGNED.includes(type), {
    path: ['secret'],
    error: `is used only by ${SIGNED.join(', ')}`,
  });

export const receiversSchema = z
  .array(receiverSchema, { error: 'must be a list of receivers' })
  .max(RECEIVERS_MAX)
  .refine((receivers) => {
    const names = namesOf(receivers);
    return new Set(names).size === names.length;
  }, 'has the same name twice; every name must be unique');

type ReceiverSettings = z.output<typeof receiverSchema>;
/** Receivers as the settings have them, without their secrets. */
export type ReceiversSettings = readonly ReceiverSettings[];

/** A receiver with its secrets: never to be stored or logged. */
export interface Receiver extends Pick<ReceiverSettings, 'type' | 'events' | 'language'> {
  name: string;
  url: string;
  secret: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Whether a receiver asked for an event. */
export function wants({ events }: Pick<Receiver, 'events'>, type: AlertEvent['type']): boolean {
  return events === undefined || type === TEST_EVENT || events.includes(type);
}

/** The variables that receivers name. */
export function variablesOf(receivers: ReceiversSettings): string[] {
  return receivers.flatMap(({ url, secret }) =>
    [url, secret].flatMap((place) => (typeof place === 'object' ? [place.env] : [])),
  );
}

/** What is wrong with the variables that receivers name: never their values, which are secrets. */
export function findMissing(receivers: ReceiversSettings, environment: Environment): string[] {
  return receivers.flatMap(({ url, secret }, index) => {
    const problems: string[] = [];
    const address = typeof url === 'object' ? environment[url.env] : undefined;
    if (typeof url === 'object' && !address) problems.push(`${index}.url: ${url.env} is not set`);
    else if (typeof url === 'object' && address && !isUsable(address))
      problems.push(`${index}.url: ${url.env} must be an https:// address`);
    if (secret !== undefined && !environment[secret.env])
      problems.push(`${index}.secret: ${secret.env} is not set`);
    return problems;
  });
}

/** @throws AppError CONFIG_INVALID if the environment lacks something */
export function fillIn(receivers: ReceiversSettings, environment: Environment): Receiver[] {
  const problems = findMissing(receivers, environment);
  if (problems.length > 0) throw new AppError('CONFIG_INVALID', `Alerts: ${problems.join('; ')}`);
  const names = namesOf(receivers);
  return receivers.map(({ type, url, secret, events, language }, index) => ({
    type,
    name: names[index] ?? type,
    url: typeof url === 'string' ? url : (environment[url.env] ?? ''),
    secret: secret && environment[secret.env],
    events,
    language,
  }));
}

/** `slack`, `slack-2`: unless it has a name of its own. */
function namesOf(receivers: readonly Pick<ReceiverSettings, 'type' | 'name'>[]): string[] {
  return receivers.map(({ type, name }, index) => {
    if (name !== undefined) return name;
    const before = receivers
      .slice(0, index)
      .filter((other) => other.type === type && other.name === undefined);
    return before.length === 0 ? type : `${type}-${before.length + 1}`;
  });
}

/** Without TLS only on this machine: whoever can read an alert could also forge one. */
function isUsable(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== '' || password !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && isLoopbackHost(hostname));
}
