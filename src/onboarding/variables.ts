/** The names of our variables, and which setting each of them provides. Nothing else knows them, but texts for people. */
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import type { CredentialSource } from '../alibaba/credential-source.ts';
import { HTTP_VARIABLES } from './http-variables.ts';
import { KOOGALLERY_VARIABLES } from './koogallery-variables.ts';
import { readJsonFile, readText, toFlag, toList, toNumber, type Variable } from './variable.ts';

export const CREDENTIALS_FROM_ENVIRONMENT: CredentialSource = {
  type: 'env',
  accessKeyId: 'ALIBABA_CLOUD_ACCESS_KEY_ID',
  accessKeySecret: 'ALIBABA_CLOUD_ACCESS_KEY_SECRET',
  securityToken: 'ALIBABA_CLOUD_SECURITY_TOKEN',
};

const keyFile = z.looseObject({ type: z.literal('file'), path: z.string().min(1) });

const USERS_INSTEAD =
  'has ended; remove it, set ONBOARD_USERS to a file, and run `onboard user add NAME --role operator`';

/** How variables begin that are nobody else's. */
export const OURS = /^(ONBOARD|CHATAPP|AGREEMENT_STORE)(_|$)|^OSS_(SIGNATURE|REGION|ENDPOINT|TIMEOUT)/;
/** Of others: `docker-compose.yml` reads the first from the same file, and many programs the second. */
export const KNOWN_ELSEWHERE: readonly string[] = ['ONBOARD_IMAGE', 'HTTP_PROXY'];

/** Names that once were ours, each with what to do instead: ignored, they would no longer protect anything. */
export const ENDED_VARIABLES: Record<string, string> = {
  ONBOARD_ADMIN_USER: USERS_INSTEAD,
  ONBOARD_ADMIN_PASSWORD: USERS_INSTEAD,
};

/** A file that it names is meant from its own folder, wherever a command is started. */
function readAccounts(path: string): unknown {
  const accounts = readJsonFile(path);
  if (!Array.isArray(accounts)) return accounts;
  return accounts.map((account) => {
    const { data: key } = keyFile.safeParse(account?.credentials);
    if (!key) return account;
    return { ...account, credentials: { ...key, path: resolve(dirname(path), key.path) } };
  });
}

/** Every variable, in the order in which a reader of `.env.example` wants them. */
export const VARIABLES: Record<string, Variable> = {
  ONBOARD_ENV_FILE: {
    description:
      'File with these variables, if it is not .env of the working directory; set it outside of that file. Relative places in the file are meant from its folder.',
  },
  REDIS_URL: {
    setting: 'redisUrl',
    description:
      'Redis 6.2 or newer, with AOF and noeviction: redis://user:password@host:6379/0, or rediss:// for TLS. A cluster: one of its nodes, or several separated by commas. Sentinels: redis-sentinel://user:password@host:26379,host:26379/master-name/0?sentinelPassword=…, or rediss-sentinel://. A socket: unix:///run/redis.sock?db=0.',
  },
  REDIS_CA: {
    setting: 'redisTls.ca',
    description:
      'File (PEM) of the authority that signs the certificates of Redis; unset means the public ones. Nodes that a cluster or Sentinels name by address are checked against the names in REDIS_URL.',
    read: readText,
  },
  REDIS_CERT: {
    setting: 'redisTls.cert',
    description: 'File (PEM) of our own certificate, for a Redis that asks for one.',
    read: readText,
  },
  REDIS_KEY: { setting: 'redisTls.key', description: 'File (PEM) of its key.', read: readText },
  ONBOARD_DURABILITY: {
    setting: 'durability',
    description:
      'durable: workers and imports refuse a Redis that may forget what it has confirmed. relaxed: they accept it; after a crash of Redis a customer may be sent twice unnoticed, and a confirmed import, cancel or pause may be forgotten.',
  },
  ALIBABA_CLOUD_ACCESS_KEY_ID: {
    description: 'Access key of the account "default", when ONBOARD_CREDENTIALS=env.',
  },
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: { description: 'Its secret.' },
  ALIBABA_CLOUD_SECURITY_TOKEN: { description: 'Its security token, if the key is temporary.' },
  ONBOARD_CREDENTIALS: {
    description: 'Where the account "default" gets its credentials from: env, ecs_ram_role or oidc_role_arn.',
    read: readCredentialType,
    fallback: 'env',
  },
  ONBOARD_ACCOUNTS: {
    setting: 'accounts',
    description: 'JSON file with several accounts; unset means one account, "default".',
    read: readAccounts,
  },
  CHATAPP_ENDPOINT: {
    setting: 'chatApp.endpoint',
    description: 'Endpoint of Chat App. http://127.0.0.1:PORT is accepted for the simulator.',
  },
  CHATAPP_PEER: {
    setting: 'chatApp.peer',
    description:
      'real or rehearsal: what CHATAPP_ENDPOINT is, where its host does not tell (a VPC address, a proxy, a tunnel, a simulator elsewhere). This machine is a rehearsal, *.aliyuncs.com is real. Each has customers, queues and results of its own.',
  },
  CHATAPP_REGION: { setting: 'chatApp.region', description: 'Region of Chat App.' },
  CHATAPP_RATE_PER_SECOND: {
    setting: 'chatApp.ratePerSecond',
    description: 'Calls per second that an account may make, for each operation.',
    read: toNumber,
  },
  CHATAPP_TIMEOUT_MS: {
    setting: 'chatApp.timeoutMs',
    description: 'Longest wait for an answer from Chat App, in milliseconds.',
    read: toNumber,
  },
  CHATAPP_ISV_TERMS_VALUE: {
    setting: 'chatApp.isvTermsValue',
    description: 'What SubmitIsvCustomerTerms gets as IsvTerms.',
  },
  CHATAPP_SUBMIT_AMBIGUOUS: {
    setting: 'chatApp.afterLostAnswer',
    description:
      'After a submit whose answer was lost: retry (send it again, at most twice) or park (leave it to a person).',
  },
  CHATAPP_OBSERVE: {
    setting: 'chatApp.observe',
    description:
      'true: once a day, workers ask ListInstance what it says of submitted customers, and `onboard customer`, the API and the console show it as an observation, never as a review. The access key needs cams:ListInstance.',
    read: toFlag,
  },
  OSS_SIGNATURE: { setting: 'oss.signature', description: 'Signature version of the upload.' },
  OSS_REGION: {
    setting: 'oss.region',
    description: 'Region of the bucket, if its address does not show it.',
  },
  OSS_ENDPOINT_ALLOW: {
    setting: 'oss.allowedSuffixes',
    description:
      'Hosts that may receive an agreement, and all below them, separated by commas. Loopback only if CHATAPP_ENDPOINT is loopback.',
    read: toList,
  },
  OSS_TIMEOUT_MS: {
    setting: 'oss.timeoutMs',
    description: 'Longest wait for one upload, in milliseconds.',
    read: toNumber,
  },
  HTTPS_PROXY: {
    setting: 'proxy.url',
    alias: 'https_proxy',
    description:
      'Proxy through which Chat App, OSS, receivers of alerts and the collector of traces are reached with TLS, such as http://user:password@proxy:3128.',
  },
  NO_PROXY: {
    setting: 'proxy.bypass',
    alias: 'no_proxy',
    description:
      'Hosts that are reached past the proxy, separated by commas: name (and all below it), name:port, an address, 10.0.0.0/8, or *. This machine always is.',
    read: toList,
  },
  AGREEMENT_STORE: {
    setting: 'agreementStore.place',
    description:
      'Where agreements are kept, for the workers to read. A directory (a relative one is beside the .env file), or a bucket of your own as oss://bucket/prefix, opened with the credentials of the account "default".',
  },
  AGREEMENT_STORE_ENDPOINT: {
    setting: 'agreementStore.endpoint',
    description:
      'If AGREEMENT_STORE is a bucket: its endpoint, such as an internal one. Unset means the public one of OSS_REGION, or else of CHATAPP_REGION.',
  },
  ONBOARD_PACE_GUARD_MS: {
    setting: 'pace.guardMs',
    description: 'Added to 1000 / rate for the first interval between two calls, in milliseconds.',
    read: toNumber,
  },
  ONBOARD_CONCURRENCY: {
    setting: 'workers.concurrency',
    description: 'Jobs run at a time, for each queue and worker process.',
    read: toNumber,
  },
  ONBOARD_LOCK_SECONDS: {
    setting: 'workers.lockSeconds',
    description: 'A worker that is silent for this long loses its jobs to another.',
    read: toNumber,
  },
  ONBOARD_DEADLINE_HOURS: {
    setting: 'deadlineHours',
    description:
      'A row that was tried for this long fails; time in which nothing could be sent does not count.',
    read: toNumber,
  },
  ONBOARD_RETRY_CRON: {
    setting: 'retryCron',
    description: 'When rows that failed for a temporary reason are retried: a cron pattern in UTC, or off.',
  },
  ONBOARD_RETENTION_DAYS: {
    setting: 'retentionDays',
    description: 'Finished batches and their personal data are deleted after this.',
    read: toNumber,
  },
  ONBOARD_REVIEW_DAYS: {
    setting: 'reviewDays',
    description: 'A review that is awaited for longer than this is overdue, in days.',
    read: toNumber,
  },
  ONBOARD_PROBE_SECONDS: {
    setting: 'pace.probeSeconds',
    description: 'Interval between two probes of an account that the peer refuses.',
    read: toNumber,
  },
  ONBOARD_GRACE_SECONDS: {
    setting: 'workers.graceSeconds',
    description: 'Time that running jobs get to finish after SIGTERM.',
    read: toNumber,
  },
  ONBOARD_UPKEEP_SECONDS: {
    setting: 'workers.upkeepSeconds',
    description: 'How often workers look for rows whose job was lost, and give them another.',
    read: toNumber,
  },
  ONBOARD_WORKER_PORT: {
    setting: 'workers.probes',
    description:
      'Port on which a worker answers /healthz, /readyz and /metrics, on loopback unless an address is given, as in 10.0.0.5:9464; unset means none, 0 any free one, which the log names. Nobody is asked for a password there.',
    read: toListening,
  },
  ONBOARD_ALERTS: {
    setting: 'alerts',
    description:
      'JSON file with those who are alerted when a person should know: Slack, DingTalk, Feishu or Lark, WeCom, or a program of your own. See docs/alerts.md.',
    read: readJsonFile,
  },
  ...HTTP_VARIABLES,
  ...KOOGALLERY_VARIABLES,
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    setting: 'tracesEndpoint',
    description:
      'Collector of OpenTelemetry (OTLP over HTTP) that gets traces of every row, from import to submit, such as http://localhost:4318; unset means none, and nothing of OpenTelemetry is loaded. It reads its own variables besides (OTEL_SERVICE_NAME, OTEL_EXPORTER_OTLP_HEADERS, OTEL_TRACES_SAMPLER).',
  },
  LOG_LEVEL: { setting: 'logLevel', description: 'Lowest level that is logged, to standard error.' },
};

/** `9464`, `10.0.0.5:9464` or `[::]:9464`. */
function toListening(text: string): unknown {
  const [, host, port] = /^(?:([\w.-]+|\[[\w:.]+\]):)?(\d{1,5})$/.exec(text) ?? [];
  if (port === undefined) throw new Error('must be PORT, or HOST:PORT');
  return { ...(host === undefined ? {} : { host: host.replace(/[[\]]/g, '') }), port: Number(port) };
}

function readCredentialType(text: string): CredentialSource {
  if (text === 'env') return CREDENTIALS_FROM_ENVIRONMENT;
  if (text === 'ecs_ram_role' || text === 'oidc_role_arn') return { type: text };
  throw new Error('must be env, ecs_ram_role or oidc_role_arn');
}
