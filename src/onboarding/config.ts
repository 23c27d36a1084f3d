/** The environment, read once: one schema, every problem reported together, nothing read anywhere else. */
import { z } from 'zod';
import { parseBucketPlace } from '../agreement/bucket-place.ts';
import { isLoopbackHost } from '../alibaba/loopback.ts';
import { AppError } from '../errors.ts';
import { parseRedisUrl } from '../redis/url.ts';

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

const flag = z
  .enum(['true', 'false'], { error: 'must be true or false' })
  .transform((value) => value === 'true');

const whole = (min: number, max: number) =>
  z.coerce.number({ error: 'must be a number' }).int('must be a whole number').min(min).max(max);

const redisUrl = z.string().refine((text) => parseRedisUrl(text) !== undefined, {
  error:
    'must be redis:// or rediss://, several of them with commas between for a cluster, or redis-sentinel://host,host/master-name',
});

/** A cron pattern of five or six fields, or `off`. */
export const cronSchema = z
  .string()
  .regex(/^(off|(\S+ ){4,5}\S+)$/, 'must be a cron pattern of five or six fields, or off');

/** Each key with its default and one sentence for `.env.example`, in the order a reader wants them. */
export const environmentSchema = z.object({
  REDIS_URL: redisUrl
    .default('redis://127.0.0.1:6379')
    .describe(
      'Redis 6.2 or newer with AOF and noeviction. Comma-separated URLs are a cluster; redis-sentinel://host:26379,host:26379/master-name asks Sentinels.',
    ),
  ALIBABA_CLOUD_ACCESS_KEY_ID: z
    .string()
    .optional()
    .describe('Access key of the account "default", when ONBOARD_CREDENTIALS=env.'),
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: z.string().optional().describe('Its secret.'),
  ALIBABA_CLOUD_SECURITY_TOKEN: z
    .string()
    .optional()
    .describe('Its security token, where the key is a temporary one.'),
  ONBOARD_CREDENTIALS: z
    .enum(['env', 'ecs_ram_role', 'oidc_role_arn'])
    .default('env')
    .describe('Where the account "default" takes its credentials from.'),
  ONBOARD_ACCOUNTS: z
    .string()
    .optional()
    .describe('JSON file with several accounts; unset means one account, "default".'),
  CHATAPP_ENDPOINT: endpoint
    .default('https://cams.ap-southeast-1.aliyuncs.com')
    .describe('Chat App. http://127.0.0.1:PORT is accepted for the simulator.'),
  CHATAPP_REGION: z
    .string()
    .regex(/^[a-z0-9-]{2,40}$/, 'must be a region id')
    .default('ap-southeast-1')
    .describe('Region of Chat App.'),
  CHATAPP_RATE_PER_SECOND: whole(1, 1000)
    .default(5)
    .describe('Calls per second that the account may make, for each operation.'),
  CHATAPP_TIMEOUT_MS: whole(100, 120_000)
    .default(15_000)
    .describe('Longest wait for an answer of Chat App, in milliseconds.'),
  CHATAPP_ISV_TERMS_VALUE: z
    .enum(['fileName', 'objectKey', 'url'])
    .default('fileName')
    .describe('What SubmitIsvCustomerTerms gets as IsvTerms.'),
  CHATAPP_SUBMIT_AMBIGUOUS: z
    .enum(['retry', 'park'])
    .default('retry')
    .describe('After a submit whose answer was lost: send again (twice at most), or leave it to a person.'),
  OSS_SIGNATURE: z.enum(['v4', 'v1']).default('v4').describe('Signature version of the upload.'),
  OSS_REGION: z
    .string()
    .regex(/^[a-z0-9-]{2,40}$/, 'must be a region id')
    .optional()
    .describe('Region of the bucket, where its address does not say it.'),
  OSS_ENDPOINT_ALLOW: z
    .string()
    .default('.aliyuncs.com')
    .describe(
      'Host suffixes, comma-separated, that may receive an agreement. Loopback only when CHATAPP_ENDPOINT is loopback.',
    ),
  OSS_TIMEOUT_MS: whole(100, 600_000)
    .default(60_000)
    .describe('Longest wait for one upload, in milliseconds.'),
  AGREEMENT_STORE: z
    .string()
    .min(1)
    .refine((text) => !text.startsWith('oss:') || parseBucketPlace(text) !== undefined, {
      error: 'must be a directory or oss://bucket/prefix',
    })
    .default('./var/agreements')
    .describe(
      'Keeps the agreements until they are uploaded; workers read it. A directory, or oss://bucket/prefix of your own, with the credentials of the account "default".',
    ),
  AGREEMENT_STORE_ENDPOINT: endpoint
    .optional()
    .describe(
      'Where AGREEMENT_STORE is a bucket: its endpoint, such as an internal one. Unset means that of OSS_REGION, or else CHATAPP_REGION.',
    ),
  ONBOARD_PACE_GUARD_MS: whole(0, 1000)
    .default(4)
    .describe('Added to 1000 / rate as the first distance between two calls, in milliseconds.'),
  ONBOARD_CONCURRENCY: whole(1, 200)
    .default(10)
    .describe('Jobs at a time, for each queue and worker process.'),
  ONBOARD_LOCK_SECONDS: whole(2, 600)
    .default(30)
    .describe('A worker that is silent this long has lost its jobs to another.'),
  ONBOARD_DEADLINE_HOURS: whole(1, 720)
    .default(24)
    .describe('A row that has waited this long fails instead of waiting on.'),
  ONBOARD_RETRY_CRON: cronSchema
    .default('*/15 * * * *')
    .describe('When rows that failed for a passing reason are tried again, in UTC; or off.'),
  ONBOARD_RETENTION_DAYS: whole(1, 3650)
    .default(30)
    .describe('Finished batches and their personal data are removed after this.'),
  ONBOARD_PROBE_SECONDS: whole(1, 3600)
    .default(300)
    .describe('Distance between two probes of an account that the peer refuses.'),
  ONBOARD_GRACE_SECONDS: whole(1, 600).default(25).describe('Time for running jobs after SIGTERM.'),
  ONBOARD_BOARD_WRITE: flag.default(false).describe('Lets bull-board change queues.'),
  ONBOARD_ADMIN_USER: z
    .string()
    .optional()
    .describe('Name and password for the pages; required when HTTP_HOST is not loopback.'),
  ONBOARD_ADMIN_PASSWORD: z
    .string()
    .min(8, 'must have 8 characters or more')
    .optional()
    .describe('See ONBOARD_ADMIN_USER.'),
  HTTP_HOST: z.string().min(1).default('127.0.0.1').describe('Address that `onboard serve` listens on.'),
  HTTP_PORT: whole(0, 65_535).default(3000).describe('Its port; 0 takes a free one.'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('Least level that is logged, to standard error.'),
});

export type Config = z.output<typeof environmentSchema>;

/**
 * Reads the configuration. Empty values count as unset, as shells and compose files produce them.
 * @throws AppError CONFIG_INVALID that names every bad variable, never its value: it may be a secret.
 */
export function loadConfig(environment: NodeJS.ProcessEnv): Config {
  const present = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const result = environmentSchema.safeParse(present);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new AppError('CONFIG_INVALID', `Configuration: ${problems.join('; ')}`);
}
