/**
 * Everything an installation can be told, in one object: defaults, limits and what each of them means. Where the
 * values come from is another matter: `config.ts` reads them from the environment, a program that uses this as a
 * library writes them down.
 */
import { z } from 'zod';
import { parseBucketPlace } from '../agreement/bucket-place.ts';
import { credentialSourceSchema } from '../alibaba/credential-source.ts';
import { isLoopbackHost } from '../alibaba/loopback.ts';
import { AppError } from '../errors.ts';
import { receiversSchema } from '../notify/receivers.ts';
import type { RedisPlace } from '../redis/connect.ts';
import { PEER_KINDS } from '../redis/keys.ts';
import { parseRedisUrl, REDIS_URL_FORMS } from '../redis/url.ts';
import { DEFAULT_STORE } from './default-store.ts';
import { httpSchema, publicAddressOf } from './http-settings.ts';
import { mappingProblems, type PlacedProblem } from './koogallery-chatapp.ts';
import { koogallerySchema } from './koogallery-settings.ts';
import { peerProblems } from './peer-problems.ts';
import { proxySchema } from './proxy-settings.ts';
import { tracesEndpointSchema } from './traces-settings.ts';
import { whole } from './whole.ts';

/** Most accounts in one installation. */
const ACCOUNTS_MAX = 1_000;

const endpoint = z
  .url({ protocol: /^https?$/, error: 'must be a URL like https://cams.ap-southeast-1.aliyuncs.com' })
  .transform((text) => new URL(text))
  .refine((url) => url.protocol === 'https:' || isLoopbackHost(url.hostname), {
    error: 'must use https; http is accepted only for the simulator on this machine',
  })
  .refine((url) => url.pathname === '/' && url.search === '' && url.username === '', {
    error: 'must be only a scheme, a host and a port',
  })
  .transform((url) => url.origin);

const hostSuffix = z
  .string()
  .regex(/^\.?[a-z0-9-]+(\.[a-z0-9-]+)+$/i, 'must be names of hosts, such as .aliyuncs.com');

const peer = z.enum(PEER_KINDS, { error: 'must be real or rehearsal' });

const region = z.string().regex(/^[a-z0-9-]{2,40}$/, 'must be a region id');

/** A cron pattern of five or six fields, or `off`. */
export const cronSchema = z
  .string()
  .regex(/^(off|(\S+ ){4,5}\S+)$/, 'must be a cron pattern of five or six fields, or off');

const accountSchema = z.strictObject({
  /** Part of every key in Redis and of the names of the queues. */
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,39}$/, 'must be lower-case letters, digits, "-" and "_", at most 40'),
  credentials: credentialSourceSchema,
  /** By default `chatApp.endpoint`. */
  endpoint: endpoint.optional(),
  /** By default `chatApp.peer`. */
  peer: peer.optional(),
  /** By default `chatApp.region`. */
  region: region.optional(),
  /** Calls per second for each operation; by default `chatApp.ratePerSecond`. */
  rate: whole(1, 1_000).optional(),
});

const chatAppSchema = z.strictObject({
  /** `http` only for a simulator on this machine. */
  endpoint: endpoint.default('https://cams.ap-southeast-1.aliyuncs.com'),
  /**
   * Whether the endpoint is Alibaba Cloud or a rehearsal: needed only where its host does not tell, because it is neither
   * this machine (a rehearsal) nor `*.aliyuncs.com` (real). Each has a ledger of its own.
   */
  peer: peer.optional(),
  region: region.default('ap-southeast-1'),
  /** Calls per second that an account may make, for each operation. */
  ratePerSecond: whole(1, 1_000).default(5),
  /** Longest wait for an answer, in milliseconds. */
  timeoutMs: whole(100, 120_000).default(15_000),
  /** What the peer gets as `IsvTerms`. */
  isvTermsValue: z.enum(['fileName', 'objectKey', 'url']).default('fileName'),
  /** After a submit whose answer was lost: send it again (at most twice), or leave it to a person. */
  afterLostAnswer: z.enum(['retry', 'park']).default('retry'),
  /** Once a day, workers ask what the peer lists of submitted customers: to be shown, never as a review. */
  observe: z.boolean({ error: 'must be true or false' }).default(false),
});

const ossSchema = z.strictObject({
  /** Version of the signature of uploads. */
  signature: z.enum(['v4', 'v1']).default('v4'),
  /** Region of the bucket, if its address does not show it. */
  region: region.optional(),
  /** Hosts that may receive an agreement, and all below them; loopback only if Chat App is on loopback too. */
  allowedSuffixes: z.array(hostSuffix).default(['.aliyuncs.com']),
  /** Longest wait for one upload, in milliseconds. */
  timeoutMs: whole(100, 600_000).default(60_000),
});

const pem = z.string().regex(/-----BEGIN [A-Z0-9 ]+-----/, 'must be the name of a file in PEM');

const redisTlsSchema = z.strictObject({
  /** In PEM: who may have signed the certificates of Redis, instead of the public authorities. */
  ca: pem.optional(),
  /** In PEM: our own certificate and its key, for a Redis that asks for one. */
  cert: pem.optional(),
  key: pem.optional(),
});

const agreementStoreSchema = z.strictObject({
  /** A directory, or `oss://bucket/prefix`. */
  place: z
    .string()
    .min(1)
    .refine((text) => !text.startsWith('oss:') || parseBucketPlace(text) !== undefined, {
      error: 'must be a directory or oss://bucket/prefix',
    })
    .default(DEFAULT_STORE),
  /** Endpoint of the bucket, such as an internal one; by default the public one of `oss.region` or `chatApp.region`. */
  endpoint: endpoint.optional(),
  /** For a bucket; by default those of the first account. */
  credentials: credentialSourceSchema.optional(),
});

const paceSchema = z.strictObject({
  /** Added to 1000 / rate for the first interval between two calls, in milliseconds. */
  guardMs: whole(0, 1_000).default(4),
  /** Interval between two probes of an account that the peer refuses, in seconds. */
  probeSeconds: whole(1, 3_600).default(300),
});

const probesSchema = z.strictObject({
  /** Whoever reaches it may read: names of accounts and numbers, without a password. */
  host: z.string().min(1, 'must be PORT, or HOST:PORT').default('127.0.0.1'),
  /** 0 means any free one. */
  port: whole(0, 65_535),
});

const workersSchema = z.strictObject({
  /** Jobs run at a time, for each queue and process. */
  concurrency: whole(1, 200).default(10),
  /** A worker that is silent for this long loses its jobs to another. */
  lockSeconds: whole(2, 600).default(30),
  /** Time that running jobs get to finish after SIGTERM. */
  graceSeconds: whole(1, 600).default(25),
  /** How often active rows are compared with their jobs, so that lost jobs are replaced. */
  upkeepSeconds: whole(1, 600).default(30),
  /** Where each worker process answers `/healthz`, `/readyz` and `/metrics`; nowhere by default. */
  probes: probesSchema.optional(),
});

export const settingsSchema = z.strictObject({
  /** One server, its socket, a cluster (one node is enough), or Sentinels; see `REDIS_URL_FORMS`. */
  redisUrl: z
    .string()
    .refine((text) => parseRedisUrl(text) !== undefined, {
      error: `must be ${REDIS_URL_FORMS}`,
    })
    .default('redis://127.0.0.1:6379'),
  redisTls: redisTlsSchema.prefault({}),
  /** What to do with a Redis that may forget what it has confirmed: refuse it, or accept what that may cost. */
  durability: z.enum(['durable', 'relaxed']).default('durable'),
  /** Accounts of Alibaba Cloud, each with credentials and limits of its own. */
  accounts: z
    .array(accountSchema)
    .min(1)
    .max(ACCOUNTS_MAX)
    .refine(
      (accounts) => new Set(accounts.map(({ name }) => name)).size === accounts.length,
      'has the same name twice; every name must be unique',
    ),
  chatApp: chatAppSchema.prefault({}),
  oss: ossSchema.prefault({}),
  proxy: proxySchema.prefault({}),
  agreementStore: agreementStoreSchema.prefault({}),
  pace: paceSchema.prefault({}),
  workers: workersSchema.prefault({}),
  /** A row that was tried for this long fails; time in which nothing could be sent does not count. */
  deadlineHours: whole(1, 720).default(24),
  /** When rows that failed for a temporary reason are retried: a cron pattern in UTC, or `off`. */
  retryCron: cronSchema.default('*/15 * * * *'),
  /** Finished batches and their personal data are deleted after this. */
  retentionDays: whole(1, 3_650).default(30),
  /** A review that is awaited for longer than this is overdue. */
  reviewDays: whole(1, 3_650).default(7),
  http: httpSchema.prefault({}),
  /** Who is alerted when a person should know; nobody by default. */
  alerts: receiversSchema.default([]),
  /** The marketplace of Huawei Cloud; without channels, nothing of it is served. */
  koogallery: koogallerySchema.prefault({}),
  tracesEndpoint: tracesEndpointSchema.optional(),
  /** Lowest level that is logged, to standard error. */
  logLevel: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

/** What a caller writes: everything except the accounts may be left out. */
export type SettingsInput = z.input<typeof settingsSchema>;
/** What the rest of the program reads: everything filled in. */
export type Settings = z.output<typeof settingsSchema>;

const checkedSchema = settingsSchema.superRefine((settings, context) => {
  for (const problem of peerProblems(settings)) context.addIssue({ code: 'custom', ...problem });
});

/** Which Redis is meant. */
export function placeOf({ redisUrl, redisTls }: Pick<Settings, 'redisUrl' | 'redisTls'>): RedisPlace {
  return { url: redisUrl, tls: redisTls };
}

interface Naming {
  /** Names a setting in the words of whoever wrote it; by default its path. */
  nameOf?: (path: string) => string;
  /** Problems found earlier, reported with the rest. */
  problems?: readonly string[];
}

/**
 * Fills in what was left out.
 * @throws AppError CONFIG_INVALID that names every setting that cannot be used, never its value: it may be a secret
 */
export function parseSettings(
  input: unknown,
  { nameOf = (path) => path, problems = [] }: Naming = {},
): Settings {
  const result = checkedSchema.safeParse(input);
  const beside = problemsBeside(input);
  if (result.success && problems.length === 0 && beside.length === 0) return result.data;
  const issues = [...(result.error?.issues ?? []), ...beside];
  const all = [...problems, ...issues.map(({ path, message }) => `${nameOf(path.join('.'))}: ${message}`)];
  throw new AppError('CONFIG_INVALID', `Configuration: ${all.join('; ')}`);
}

/** What channels need of other settings: found whatever else is wrong. */
function problemsBeside(input: unknown): PlacedProblem[] {
  const { accounts, http, koogallery } = settingsSchema.shape;
  const read = z.object({ accounts, http, koogallery }).safeParse(input);
  if (!read.success) return [];
  const publicAddress = publicAddressOf(read.data.http);
  return mappingProblems(read.data.koogallery.channels, { accounts: read.data.accounts, publicAddress });
}
