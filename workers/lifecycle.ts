/** The workers of one process, from start to stop: an upload and a submit worker for each account that it serves. */
import { type Processor, Worker, type WorkerOptions } from 'bullmq';
import { startSchedules } from '../src/batch/schedule.ts';
import { type Logger, rarely, TROUBLE_EVERY_MS } from '../src/logger.ts';
import type { Account } from '../src/onboarding/accounts.ts';
import { closeAccount, openAccount } from '../src/onboarding/open-account.ts';
import { openPeer } from '../src/onboarding/open-peer.ts';
import { openAgreementStore } from '../src/onboarding/open-store.ts';
import type { Settings } from '../src/onboarding/settings.ts';
import type { OutageTiming } from '../src/pace/outage.ts';
import { queueName } from '../src/queue/names.ts';
import { workerOptions } from '../src/queue/worker-options.ts';
import { connectRedis, type RedisClient } from '../src/redis/connect.ts';
import { prefixOf, STEPS, type StepName } from '../src/redis/keys.ts';
import { assertDurable, assertSuitableRedis } from '../src/redis/suitability.ts';
import { createProcessor } from './processor.ts';
import { createRecurringProcessor } from './recurring.ts';
import type { Step, WorkerAccount } from './step.ts';
import { submitStep } from './submit.ts';
import { Upkeep } from './upkeep.ts';
import { uploadStep } from './upload.ts';

const MS_PER_SECOND = 1_000;

const STEP_OF: Record<StepName, Step> = { upload: uploadStep, submit: submitStep };

export interface WorkersOptions {
  settings: Settings;
  /** Those that this process serves. */
  accounts: readonly Account[];
  /** Jobs run at a time, for each queue. */
  concurrency: number;
  logger: Logger;
  /** Where credentials of the type `env` are found. */
  environment: NodeJS.ProcessEnv;
  now?: () => number;
  /** Times of an outage, where they are not the usual ones. */
  outageTiming?: Partial<OutageTiming>;
  random?: () => number;
}

export interface Workers {
  /** Takes no more jobs, lets calls that are under way finish, hands the rest back. Safe to call twice. */
  stop(): Promise<void>;
}

/** @throws AppError REDIS_UNSUITABLE, REDIS_UNREACHABLE */
export async function startWorkers(options: WorkersOptions): Promise<Workers> {
  const { settings, logger } = options;
  // A connection of its own, which waits for Redis however long it is away.
  const redis = connectRedis(settings.redisUrl, { waitsForever: true }, logger);
  const stopping = new AbortController();
  const accounts = await openAccounts(options, redis).catch((error: unknown) => {
    redis.disconnect();
    throw error;
  });
  const workers = accounts.flatMap((account) => openWorkers(account, options, { redis, stopping }));
  await Promise.all(accounts.map(startSchedules));
  await Promise.all(workers.map((worker) => worker.waitUntilReady()));
  const upkeeps = startUpkeeps(accounts, settings);
  const names = accounts.map(({ account }) => account.name);
  logger.info({ event: 'workers_started', accounts: names }, 'workers are ready');

  let stopped: Promise<void> | undefined;
  async function stopOnce(): Promise<void> {
    logger.info({ event: 'workers_stopping' }, 'finishing calls in progress');
    stopping.abort();
    await Promise.all([
      ...upkeeps.map((upkeep) => upkeep.stop()),
      ...workers.map((worker) => worker.close()),
    ]);
    await Promise.all(accounts.map(closeAccount));
    await redis.quit().catch(() => redis.disconnect());
    logger.info({ event: 'workers_stopped' }, 'stopped');
  }

  return {
    stop() {
      stopped ??= stopOnce();
      return stopped;
    },
  };
}

async function openAccounts(options: WorkersOptions, redis: RedisClient): Promise<WorkerAccount[]> {
  const { settings, environment, logger, random = Math.random } = options;
  const check = await assertSuitableRedis(redis);
  assertDurable(check, settings.durability);
  for (const warning of check.warnings) logger.warn({ event: 'redis_warning' }, warning);
  const store = await openAgreementStore(settings, environment);
  return options.accounts.map((account) => ({
    ...openAccount({ ...options, account, redis }),
    ...openPeer(account, settings, environment),
    store,
    random,
  }));
}

function startUpkeeps(accounts: readonly WorkerAccount[], { workers }: Settings): Upkeep[] {
  const everyMs = workers.upkeepSeconds * MS_PER_SECOND;
  const upkeeps = accounts.map((account) => new Upkeep({ account, everyMs }));
  for (const upkeep of upkeeps) upkeep.start();
  return upkeeps;
}

interface Running {
  redis: RedisClient;
  stopping: AbortController;
}

function openWorkers(
  account: WorkerAccount,
  { settings, concurrency }: WorkersOptions,
  { redis: connection, stopping }: Running,
): Worker[] {
  const { lockSeconds } = settings.workers;
  const options = workerOptions({ account: account.account, connection, concurrency, lockSeconds });
  const ofSteps = STEPS.map((step) =>
    openWorker(account, step, { run: createProcessor(account, STEP_OF[step], stopping.signal), options }),
  );
  const recurring = { connection, prefix: prefixOf(account.account.name), concurrency: 1 };
  const run = createRecurringProcessor(account);
  return [...ofSteps, openWorker(account, 'redrive', { run, options: recurring })];
}

function openWorker(
  { account, logger }: WorkerAccount,
  queue: StepName | 'redrive',
  { run, options }: { run: Processor; options: WorkerOptions },
): Worker {
  const worker = new Worker(queueName(queue, account.name), run, options);
  worker.on(
    'error',
    rarely(TROUBLE_EVERY_MS, (error: Error) =>
      logger.error({ event: 'worker_error', queue, error: error.message }, 'worker error'),
    ),
  );
  worker.on('stalled', (jobId) =>
    logger.warn({ event: 'job_stalled', queue, jobId }, 'taken over from a lost worker'),
  );
  return worker;
}
