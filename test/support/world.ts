/**
 * What a test of the pipeline needs: a simulator, an account that no other test has, files, and workers either in
 * this process or in processes of their own. Everything is taken down after the test.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'csv-stringify/sync';
import { inject, onTestFinished, vi } from 'vitest';
import { INPUT_FIELDS, type InputField } from '../../src/customer/fields.ts';
import type { Outcome } from '../../src/ledger/outcome.ts';
import type { Batch } from '../../src/ledger/records.ts';
import { createLogger } from '../../src/logger.ts';
import type { Account } from '../../src/onboarding/accounts.ts';
import { type Config, loadConfig } from '../../src/onboarding/config.ts';
import { type AccountRuntime, openRuntime } from '../../src/onboarding/open-account.ts';
import { closeQueues } from '../../src/queue/queues.ts';
import { connectRedis, type RedisClient } from '../../src/redis/connect.ts';
import { type Simulator, type StartOptions, startSimulator } from '../../src/sandbox/simulator/simulator.ts';
import { startWorkers, type Workers } from '../../workers/lifecycle.ts';
import { makePdf } from './pdf.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const SETTLED_WITHIN_MS = 80_000;

export type CustomerRow = Partial<Record<InputField, string>> & Record<string, string>;

export interface World {
  simulator: Simulator;
  account: Account;
  config: Config;
  /** Environment for processes of their own. */
  environment: NodeJS.ProcessEnv;
  redis: RedisClient;
  runtime: AccountRuntime;
  folder: string;
  agreements: string;
}

export interface WorldOptions extends StartOptions {
  environment?: Record<string, string>;
  /** Calls per second of our side; the simulator has its own. */
  ourRate?: number;
  /** Another Redis than that of the run. */
  redisUrl?: string;
}

export function connectTestRedis(): RedisClient {
  const redis = connectRedis(inject('redisUrl'), { waitsForever: false });
  onTestFinished(() => redis.disconnect());
  return redis;
}

/** A name that no other test uses. */
export function uniqueName(prefix = 't'): string {
  return `${prefix}${randomBytes(5).toString('hex')}`;
}

export async function createWorld({
  environment = {},
  ourRate = 5,
  redisUrl = inject('redisUrl'),
  ...simulated
}: WorldOptions = {}): Promise<World> {
  const simulator = await startSimulator(simulated);
  const folder = await mkdtemp(join(tmpdir(), 'onboard-test-'));
  const agreements = join(folder, 'agreements');
  await mkdir(agreements);
  const accountsFile = join(folder, 'accounts.json');
  const env: NodeJS.ProcessEnv = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    REDIS_URL: redisUrl,
    AGREEMENT_STORE: join(folder, 'store'),
    ONBOARD_ACCOUNTS: accountsFile,
    // Wide enough for a busy test machine: five gaps may lose 100 ms.
    ONBOARD_PACE_GUARD_MS: '20',
    ONBOARD_LOCK_SECONDS: '3',
    CHATAPP_TIMEOUT_MS: '1500',
    OSS_TIMEOUT_MS: '2000',
    LOG_LEVEL: 'silent',
    ...simulator.environment,
    ...environment,
  };
  const config = loadConfig(env);
  const account: Account = {
    name: uniqueName(),
    credentials: {
      type: 'env',
      accessKeyId: 'ALIBABA_CLOUD_ACCESS_KEY_ID',
      accessKeySecret: 'ALIBABA_CLOUD_ACCESS_KEY_SECRET',
    },
    endpoint: simulator.endpoint,
    region: config.CHATAPP_REGION,
    rate: ourRate,
  };
  await writeFile(accountsFile, JSON.stringify([account]));
  const redis = connectRedis(redisUrl, { waitsForever: true });
  const runtime = openRuntime({
    account,
    config,
    redis,
    logger: createLogger(config.LOG_LEVEL),
    environment: env,
  });
  onTestFinished(async () => {
    await closeQueues(runtime.queues);
    redis.disconnect();
    await simulator.stop();
    await rm(folder, { recursive: true, force: true });
  });
  return { simulator, account, config, environment: env, redis, runtime, folder, agreements };
}

export function makeCustomer(number: number, changes: CustomerRow = {}): CustomerRow {
  return {
    CustSpaceId: `C${100_000 + number}`,
    CustName: `示例公司 ${number} & Söhne`,
    OfficeAddress: `${number} Main St, 杭州`,
    ContactMail: `person${number}@customer.example`,
    CountryId: 'SG',
    BusinessDesc: 'Order updates',
    IsvTerms: `agreement-${number}.pdf`,
    ...changes,
  };
}

export function makeCustomers(count: number, changes: CustomerRow = {}): CustomerRow[] {
  return Array.from({ length: count }, (_, index) => makeCustomer(index + 1, changes));
}

/** Writes a CSV file and the agreements that its rows name; returns the path of the file. */
export async function writeInput(
  world: World,
  rows: readonly CustomerRow[],
  name = 'customers.csv',
): Promise<string> {
  const path = join(world.folder, name);
  const extra = Object.keys(rows[0] ?? {}).filter(
    (column) => !INPUT_FIELDS.some((field) => field === column),
  );
  await writeFile(path, stringify([...rows], { header: true, columns: [...INPUT_FIELDS, ...extra] }));
  for (const { IsvTerms = '', CustSpaceId = '' } of rows)
    if (/^[\w.-]+\.pdf$/.test(IsvTerms))
      await writeFile(join(world.agreements, IsvTerms), makePdf(['Agreement', CustSpaceId]));
  return path;
}

/** Workers in this process. */
export async function runWorkers(world: World): Promise<Workers> {
  const workers = await startWorkers({
    accounts: [world.account],
    config: world.config,
    concurrency: world.config.ONBOARD_CONCURRENCY,
    logger: createLogger(world.config.LOG_LEVEL),
    environment: world.environment,
  });
  onTestFinished(workers.stop);
  return workers;
}

export interface Program {
  child: ChildProcess;
  /** What it has written so far. */
  output: { stdout: string; stderr: string };
  /** Resolves when it has ended. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Resolves when its standard error holds the text. */
  says(text: string): Promise<void>;
}

/** The command line in a process of its own. */
export function startProgram(
  world: Pick<World, 'environment'>,
  parameters: readonly string[],
  env: Record<string, string> = {},
): Program {
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN, ...parameters], {
    env: { ...world.environment, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk: Buffer) => {
    output.stdout += chunk;
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    output.stderr += chunk;
  });
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const says = (text: string) =>
    vi.waitFor(
      () => {
        if (!output.stderr.includes(text)) throw new Error(`not yet: ${text}\n${output.stderr}`);
      },
      { timeout: 30_000, interval: 20 },
    );
  return { child, output, ended, says };
}

export async function runProgram(
  world: Pick<World, 'environment'>,
  parameters: readonly string[],
  env: Record<string, string> = {},
) {
  const program = startProgram(world, parameters, env);
  const { code } = await program.ended;
  return { code, ...program.output };
}

/** A worker process that is ready. */
export async function startWorkerProgram(world: World, env: Record<string, string> = {}): Promise<Program> {
  const program = startProgram(world, ['worker'], { LOG_LEVEL: 'info', ...env });
  await program.says('workers_started');
  return program;
}

/** Imports rows by the command line; returns the id of the batch. */
export async function importRows(
  world: World,
  rows: readonly CustomerRow[],
  ...more: string[]
): Promise<string> {
  const { code, stdout, stderr } = await runProgram(world, [
    'import',
    await writeInput(world, rows),
    '--agreements',
    world.agreements,
    ...more,
  ]);
  if (code !== 0) throw new Error(`import ended with ${code}: ${stderr}`);
  return stdout.trim();
}

export async function waitForBatch(
  world: World,
  batchId: string,
  is: (batch: Batch) => boolean,
): Promise<Batch> {
  return vi.waitFor(
    async () => {
      const batch = await world.runtime.ledger.requireBatch(batchId);
      if (!is(batch)) throw new Error(`not yet: ${JSON.stringify(batch)}`);
      return batch;
    },
    { timeout: SETTLED_WITHIN_MS, interval: 25 },
  );
}

export const waitUntilFinished = (world: World, batchId: string) =>
  waitForBatch(world, batchId, (batch) => batch.state === 'finished');

/** Waits until something holds at the simulator. */
export async function waitForPeer(
  world: World,
  holds: (record: Simulator['state']['record']) => boolean,
): Promise<void> {
  await vi.waitUntil(() => holds(world.simulator.state.record), { timeout: 30_000, interval: 5 });
}

export async function rowsOf(world: World, batchId: string) {
  const rows = [];
  for await (const row of world.runtime.ledger.iterateRows(batchId)) rows.push(row);
  return rows;
}

export async function outcomesOf(world: World, batchId: string): Promise<Outcome[]> {
  return (await rowsOf(world, batchId)).map(({ record }) => record.outcome);
}
