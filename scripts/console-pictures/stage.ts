/** What the pictures of the console show: two accounts, one of them refused, and batches of made-up customers. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { startServer } from '../../src/http/listen.ts';
import { createOnboarding } from '../../src/index.ts';
import { createLogger } from '../../src/logger.ts';
import { readSettings } from '../../src/onboarding/config.ts';
import { hashPassword } from '../../src/onboarding/password.ts';
import { changeUsersFile } from '../../src/onboarding/users-file.ts';
import { pickRedis } from '../../src/sandbox/local-redis.ts';
import { startSimulator } from '../../src/sandbox/simulator/simulator.ts';
import { makePdf } from '../../test/support/pdf.ts';

export const USER = { name: 'mei', password: 'only for pictures' };
const PARTNER_KEY = 'LTAIpartner';
const KEYS = [
  { accessKeyId: 'LTAIdirect', accessKeySecret: 'direct-secret' },
  { accessKeyId: PARTNER_KEY, accessKeySecret: 'partner-secret' },
];
const refusal = (field: string) => ({
  code: `InvalidParameter.${field}`,
  message: `The parameter ${field} is not valid.`,
});
/** What the simulator refuses. */
const FAULTS = [
  { operation: 'submit', kind: 'error', match: '^C2001(07|31|44)$', ...refusal('ContactMail') },
  { operation: 'submit', kind: 'error', match: '^C200119$', ...refusal('CountryId') },
  { operation: 'authorize', kind: 'error', accessKeyId: PARTNER_KEY, code: 'Product.Unsubscript' },
] as const;

export interface Stage {
  address: string;
  folder: string;
  importRows(name: string, rows: readonly Row[], account?: string): Promise<void>;
  close(): Promise<void>;
}

export async function setStage(): Promise<Stage> {
  const redis = await pickRedis();
  const simulator = await startSimulator({ accounts: KEYS, latencyMs: 250, faults: [...FAULTS] });
  const folder = await mkdtemp(join(tmpdir(), 'onboard-pictures-'));
  const environment = {
    ...process.env,
    ...simulator.environment,
    ...(await writeFiles(folder, simulator.endpoint)),
    REDIS_URL: redis.url,
    AGREEMENT_STORE: join(folder, 'store'),
    ONBOARD_DRAFTS: join(folder, 'drafts'),
    HTTP_PORT: '0',
    LOG_LEVEL: 'error',
  };
  const settings = readSettings(environment);
  const logger = createLogger(settings.logLevel);
  const onboarding = createOnboarding(settings, { environment, logger });
  const server = await startServer({ onboarding, logger });
  await onboarding.startWorkers();
  return {
    address: server.address,
    folder,
    async importRows(name, rows, account = 'direct') {
      const source = { from: { path: await writeTable(folder, rows) }, agreements: join(folder, 'signed') };
      await onboarding.import({ ...source, name, account, by: USER.name });
    },
    async close() {
      await server.stop();
      await simulator.stop();
      await redis.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** @returns the variables that name the files */
async function writeFiles(folder: string, endpoint: string): Promise<Record<string, string>> {
  const variables: Record<string, string> = {};
  const accounts = ['direct', 'partner'].map((name, index) => {
    const [id, secret] = [`PICTURE_KEY_${index}`, `PICTURE_SECRET_${index}`];
    variables[id] = KEYS[index]?.accessKeyId ?? '';
    variables[secret] = KEYS[index]?.accessKeySecret ?? '';
    return { name, endpoint, credentials: { type: 'env', accessKeyId: id, accessKeySecret: secret } };
  });
  const paths = {
    ONBOARD_ACCOUNTS: join(folder, 'accounts.json'),
    ONBOARD_USERS: join(folder, 'users.json'),
  };
  await writeFile(paths.ONBOARD_ACCOUNTS, JSON.stringify(accounts));
  const password = await hashPassword(USER.password);
  const changed = new Date().toISOString();
  await changeUsersFile(paths.ONBOARD_USERS, () => [
    { name: USER.name, role: 'operator', password, changed },
  ]);
  await mkdir(join(folder, 'signed'));
  return { ...variables, ...paths };
}

const NAMES = [
  ...['Orchid Foods Pte Ltd', '晨曦物流有限公司', 'Kowloon Freight Ltd', '青松网络科技有限公司'],
  ...['Merlion Travel Pte Ltd', '海棠电子商务有限公司', 'Strait Optics Pte Ltd'],
];

export type Row = Record<string, string>;

/** @param first number of the first customer */
export function makeRows(first: number, count: number): Row[] {
  return Array.from({ length: count }, (_, index) => {
    const number = first + index;
    return {
      CustSpaceId: `C${number}`,
      CustName: NAMES[number % NAMES.length] ?? '',
      OfficeAddress: `${number % 90} Robinson Road, Singapore`,
      ContactMail: `onboarding@customer-${number}.example`,
      CountryId: 'SG',
      BusinessDesc: 'Order updates and delivery notices',
      IsvTerms: `agreement-${number}.pdf`,
    };
  });
}

/** With an agreement for each row. @returns where the table is */
export async function writeTable(folder: string, rows: readonly Row[]): Promise<string> {
  for (const { IsvTerms = '' } of rows)
    await writeFile(join(folder, 'signed', IsvTerms), makePdf(['Agreement', IsvTerms]));
  const path = join(folder, 'customers.csv');
  await writeFile(path, stringify([...rows], { header: true }));
  return path;
}
