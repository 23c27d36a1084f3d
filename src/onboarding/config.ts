/**
 * The environment, read once and turned into settings. The only place that knows the names of our variables;
 * all problems are reported together.
 */
import { readFileSync } from 'node:fs';
import type { CredentialSource } from '../alibaba/credential-source.ts';
import { DEFAULT_ACCOUNT } from './accounts.ts';
import { parseSettings, type Settings } from './settings.ts';

const CREDENTIALS_FROM_ENVIRONMENT: CredentialSource = {
  type: 'env',
  accessKeyId: 'ALIBABA_CLOUD_ACCESS_KEY_ID',
  accessKeySecret: 'ALIBABA_CLOUD_ACCESS_KEY_SECRET',
  securityToken: 'ALIBABA_CLOUD_SECURITY_TOKEN',
};

interface Variable {
  /** One sentence for `.env.example`. */
  description: string;
  /** The setting that it provides, as a path with dots; absent if it is read separately. */
  setting?: string;
  /** From the text of the environment to the value of the setting, which is checked there. */
  read?: (text: string) => unknown;
  /** What applies without it, if it is not a setting. */
  fallback?: string;
}

const toNumber = (text: string): unknown => Number(text);
const toFlag = (text: string): unknown => (text === 'true' ? true : text === 'false' ? false : text);
const toList = (text: string): unknown =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);

/** Every variable, in the order in which a reader of `.env.example` wants them. */
export const VARIABLES: Record<string, Variable> = {
  ONBOARD_ENV_FILE: {
    description:
      'File with these variables, if it is not .env of the working directory; set it outside of that file. Relative places in the file are meant from its folder.',
  },
  REDIS_URL: {
    setting: 'redisUrl',
    description:
      'Redis 6.2 or newer, with AOF and noeviction. For a cluster, URLs separated by commas; for Sentinels, redis-sentinel://host:26379,host:26379/master-name.',
  },
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
    read: readAccountsFile,
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
    description: 'What SubmitIsvCustomerTerms gets as IsvTerms: fileName, objectKey or url.',
  },
  CHATAPP_SUBMIT_AMBIGUOUS: {
    setting: 'chatApp.afterLostAnswer',
    description:
      'After a submit whose answer was lost: retry (send it again, at most twice) or park (leave it to a person).',
  },
  OSS_SIGNATURE: { setting: 'oss.signature', description: 'Signature version of the upload: v4 or v1.' },
  OSS_REGION: {
    setting: 'oss.region',
    description: 'Region of the bucket, if its address does not show it.',
  },
  OSS_ENDPOINT_ALLOW: {
    setting: 'oss.allowedSuffixes',
    description:
      'Suffixes of the hosts that may receive an agreement, separated by commas. Loopback only if CHATAPP_ENDPOINT is loopback.',
    read: toList,
  },
  OSS_TIMEOUT_MS: {
    setting: 'oss.timeoutMs',
    description: 'Longest wait for one upload, in milliseconds.',
    read: toNumber,
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
  ONBOARD_BOARD_WRITE: {
    setting: 'http.allowsBoardWrites',
    description: 'Lets bull-board pause and resume queues: true or false.',
    read: toFlag,
  },
  ONBOARD_ADMIN_USER: {
    setting: 'http.adminUser',
    description: 'User name for the pages; required, with a password, if HTTP_HOST is not loopback.',
  },
  ONBOARD_ADMIN_PASSWORD: {
    setting: 'http.adminPassword',
    description: 'Its password, at least 8 characters.',
  },
  HTTP_HOST: { setting: 'http.host', description: 'Address that `onboard serve` listens on.' },
  HTTP_PORT: { setting: 'http.port', description: 'Its port; 0 means any free one.', read: toNumber },
  LOG_LEVEL: { setting: 'logLevel', description: 'Lowest level that is logged, to standard error.' },
};

/**
 * Reads the settings. Empty values count as unset, as shells and compose files produce them.
 * @throws AppError CONFIG_INVALID that names every bad variable, never its value: it may be a secret.
 */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  const problems: string[] = [];
  const read = (name: string): unknown => {
    const text = environment[name];
    if (!text) return undefined;
    try {
      return (VARIABLES[name]?.read ?? String)(text);
    } catch (error) {
      problems.push(`${name}: ${(error as Error).message}`);
      return undefined;
    }
  };
  // Without an accounts file there is one account; its key also opens an agreement store that is a bucket.
  const credentials = read('ONBOARD_CREDENTIALS') ?? CREDENTIALS_FROM_ENVIRONMENT;
  const input = { accounts: [{ name: DEFAULT_ACCOUNT, credentials }], agreementStore: { credentials } };
  for (const [name, { setting }] of Object.entries(VARIABLES)) {
    const value = setting === undefined ? undefined : read(name);
    if (setting !== undefined && value !== undefined) assign(input, setting.split('.'), value);
  }
  return parseSettings(input, { nameOf: nameOfVariable, problems });
}

function assign(target: Record<string, unknown>, [key = '', ...rest]: string[], value: unknown): void {
  if (rest.length === 0) {
    target[key] = value;
    return;
  }
  target[key] ??= {};
  assign(target[key] as Record<string, unknown>, rest, value);
}

/** `chatApp.timeoutMs` → `CHATAPP_TIMEOUT_MS`; what lies below a setting, such as one account, is kept behind it. */
function nameOfVariable(path: string): string {
  const found = Object.entries(VARIABLES).find(
    ([, { setting }]) => setting !== undefined && (path === setting || path.startsWith(`${setting}.`)),
  );
  if (found === undefined) return path;
  const [name, { setting = '' }] = found;
  return path === setting ? name : `${name}: ${path.slice(setting.length + 1)}`;
}

function readAccountsFile(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    // The parser quotes the text it stumbled over; a file about credentials must not be quoted.
    throw new Error(`${path} ${error instanceof SyntaxError ? 'is not JSON' : 'cannot be read'}`);
  }
}

function readCredentialType(text: string): CredentialSource {
  if (text === 'env') return CREDENTIALS_FROM_ENVIRONMENT;
  if (text === 'ecs_ram_role' || text === 'oidc_role_arn') return { type: text };
  throw new Error('must be env, ecs_ram_role or oidc_role_arn');
}
