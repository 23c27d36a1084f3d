/** Where a measurement happens: a Redis of its own, simulators, an account, and customers with one shared agreement. */
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { INPUT_FIELDS } from '../../src/customer/fields.ts';
import { type Simulator, type StartOptions, startSimulator } from '../../src/sandbox/simulator/simulator.ts';
import { makePdf } from '../../test/support/pdf.ts';
import { onboard, succeed } from './processes.ts';

/** Everything but the peer. */
interface Place {
  folder: string;
  account: string;
  environment: NodeJS.ProcessEnv;
  /** Imports so many customers by the command line. */
  importCustomers(count: number): Promise<void>;
  close(): Promise<void>;
}

export interface Stage extends Place {
  simulator: Simulator;
}

export async function openStage(
  redisUrl: string,
  options: StartOptions = {},
  environment: Record<string, string> = {},
): Promise<Stage> {
  // Contenders share a Redis, where no two accounts may have the same key.
  const name = randomBytes(4).toString('hex');
  const key = { accessKeyId: `LTAI${name}`, accessKeySecret: `secret-of-${name}` };
  const simulator = await startSimulator({ accounts: [key], ...options });
  const place = await openPlace(redisUrl, {
    ...simulator.environment,
    ALIBABA_CLOUD_ACCESS_KEY_ID: key.accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: key.accessKeySecret,
    ...environment,
  });
  const close = async () => {
    await simulator.stop();
    await place.close();
  };
  return { ...place, simulator, close };
}

/** @param environment says where the peer is, and with which key */
export async function openPlace(redisUrl: string, environment: Record<string, string>): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'onboard-bench-'));
  const account = `b${randomBytes(4).toString('hex')}`;
  const credentials = {
    type: 'env',
    accessKeyId: 'ALIBABA_CLOUD_ACCESS_KEY_ID',
    accessKeySecret: 'ALIBABA_CLOUD_ACCESS_KEY_SECRET',
  };
  await writeFile(join(folder, 'accounts.json'), JSON.stringify([{ name: account, credentials }]));
  const env: NodeJS.ProcessEnv = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    REDIS_URL: redisUrl,
    ONBOARD_DURABILITY: 'relaxed',
    ONBOARD_ACCOUNTS: join(folder, 'accounts.json'),
    AGREEMENT_STORE: join(folder, 'store'),
    ONBOARD_DRAFTS: join(folder, 'drafts'),
    ...environment,
  };

  async function importCustomers(count: number): Promise<void> {
    const file = await writeCustomers(folder, count);
    const parameters = ['import', file, '--agreements', join(folder, 'agreements'), '--max-failures', '0'];
    await succeed(onboard(parameters, env));
  }

  const close = () => rm(folder, { recursive: true, force: true });
  return { folder, account, environment: env, importCustomers, close };
}

/** Writes a file of customers who share one agreement; returns its path. */
export async function writeCustomers(folder: string, count: number): Promise<string> {
  await mkdir(join(folder, 'agreements'), { recursive: true });
  await writeFile(join(folder, 'agreements', 'shared.pdf'), makePdf(['Agreement of many']));
  const rows = Array.from({ length: count }, (_, index) => customerLine(index + 1));
  const path = join(folder, `customers-${count}.csv`);
  await writeFile(path, [INPUT_FIELDS.join(','), ...rows].join('\n'));
  return path;
}

function customerLine(number: number): string {
  return `C${1_000_000 + number},示例公司 ${number},${number} Main St 杭州,person${number}@customer.example,SG,Order updates,shared.pdf`;
}
