/** The workers of one process, from start to stop: an upload and a submit worker for each account that it serves. */
import { type Processor, Worker, type WorkerOptions } from 'bullmq';
import pTimeout from 'p-timeout';
import { startSchedules } from '../src/batch/schedule.ts';
import { AppError } from '../src/errors.ts';
import { type Logger, rarely, TROUBLE_EVERY_MS } from '../src/logger.ts';
import type { Account } from '../src/onboarding/accounts.ts';
import { closeAccount, openAccount } from '../src/onboarding/open-account.ts';
import { openPeer } from '../src/onboarding/open-peer.ts';
import { openAgreementStore } from '../src/onboarding/open-store.ts';
import type { Settings } from '../src/onboarding/settings.ts';
import type { OutageTiming } from '../src/pace/outage.ts';
import { queueName } from '../src/queue/names.ts';
import { workerOptions } from '../src/queue/worker-options.ts';
import { connectRedis, logTroubles, type RedisClient } from '../src/redis/connect.ts';
import { prefixOf, STEPS, type StepName } from '../src/redis/keys.ts';
import { assertDurable, assertSuitableRedis } from '../src/redis/suitability.ts';
import { createProcessor } from './processor.ts';
import { createRecurringProcessor } from './recurring.ts';
import { SeqWatch } from './seq-watch.ts';
import type { Step, WorkerAccount } from './step.ts';
import { submitStep } from './submit.ts';
import { Upkeep } from './upkeep.ts';
import { uploadStep } from './upload.ts';

const STEP_OF: Record<StepName, Step> = { upload: uploadStep, submit: submitStep };

/** Longest start, in milliseconds: a Redis that goes silent midway must not leave a half-started worker behind. */
const START_MS_MAX = 6_000;
const START_MS_MAX_PER_ACCOUNT = 100;
const MS_PER_SECOND = 1_000;
/** Part of the grace period that is reserved for disconnecting if Redis does not answer. */
const GOODBYE_MS = 2_500;

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
  /** Outage timing that differs from the defaults. */
  outageTiming?: Partial<OutageTiming>;
  random?: () => number;
}

export interface Workers {
  /**
   * Takes no more jobs, lets calls in progress finish, and hands the rest back. Safe to call twice. Ends within the
   * configured grace period; if Redis is away by then, jobs are left to other workers.
   */
  stop(): Promise<void>;
}

/** What was opened so far. */
interface Running {
  redis: RedisClient;
  stopping: AbortController;
  accounts: WorkerAccount[];
  workers: Worker[];
  upkeeps: Upkeep[];
  /** Until then, errors go to the caller of `startWorkers` and nowhere else. */
  hasStarted: boolean;
}

/**
 * Resolves when everything works; leaves nothing behind if it fails.
 * @throws AppError REDIS_UNSUITABLE, REDIS_UNREACHABLE; the error of Redis if it refuses to store the schedule
 */
export async function startWorkers(options: WorkersOptions): Promise<Workers> {
  const { settings, accounts, logger } = options;
  // A connection of its own, which waits for Redis for as long as it is away.
  const redis = connectRedis(settings.redisUrl, { waitsForever: true });
  const running: Running = {
    redis,
    stopping: new AbortController(),
    accounts: [],
    workers: [],
    upkeeps: [],
    hasStarted: false,
  };
  try {
    const warnings = await pTimeout(open(options, running), {
      milliseconds: START_MS_MAX + START_MS_MAX_PER_ACCOUNT * accounts.length,
      message: new AppError('REDIS_UNREACHABLE', 'Redis stopped answering while the workers started.'),
    });
    for (const warning of warnings) logger.warn({ event: 'redis_warning' }, warning);
  } catch (error) {
    await abandon(running);
    throw error;
  }
  run(running, logger);

  let stopped: Promise<void> | undefined;
  return {
    stop() {
      stopped ??= stop(running, options);
      return stopped;
    },
  };
}

/** Opens everything but takes no job yet. @returns warnings about Redis */
async function open(options: WorkersOptions, running: Running): Promise<string[]> {
  const { settings, environment, random = Math.random } = options;
  const { redis, stopping, accounts, workers, upkeeps } = running;
  const check = await assertSuitableRedis(redis);
  assertDurable(check, settings.durability);
  const store = await openAgreementStore(settings, environment);
  stopping.signal.throwIfAborted();
  for (const account of options.accounts) {
    const peer = openPeer(account, settings, environment);
    accounts.push({
      ...openAccount({ ...options, account, redis }),
      ...peer,
      store,
      random,
      seqWatch: new SeqWatch(),
    });
  }
  for (const account of accounts) workers.push(...openWorkers(account, options, running));
  await Promise.all(accounts.map(startSchedules));
  await Promise.all(workers.map((worker) => worker.waitUntilReady()));
  const everyMs = settings.workers.upkeepSeconds * MS_PER_SECOND;
  for (const account of accounts) upkeeps.push(new Upkeep({ account, everyMs }));
  return check.warnings;
}

/** Takes jobs from now on. */
function run(running: Running, logger: Logger): void {
  const { redis, accounts, workers, upkeeps } = running;
  running.hasStarted = true;
  logTroubles(redis, logger);
  for (const worker of workers) worker.run().catch((error: Error) => worker.emit('error', error));
  for (const upkeep of upkeeps) upkeep.start();
  const names = accounts.map(({ account }) => account.name);
  logger.info({ event: 'workers_started', accounts: names }, 'workers are ready');
}

async function stop(running: Running, { settings, logger }: WorkersOptions): Promise<void> {
  const { stopping, accounts, workers, upkeeps, redis } = running;
  logger.info({ event: 'workers_stopping' }, 'finishing calls in progress');
  stopping.abort();
  const closing = Promise.all([
    ...upkeeps.map((upkeep) => upkeep.stop()),
    ...workers.map((worker) => worker.close()),
  ]);
  const graceMs = settings.workers.graceSeconds * MS_PER_SECOND;
  const isClosed = await pTimeout(
    closing.then(() => true),
    { milliseconds: Math.max(graceMs - GOODBYE_MS, graceMs / 2), fallback: () => false },
  );
  // They are waiting for an answer that will not come.
  if (!isClosed) await Promise.all(workers.map((worker) => worker.getBackend().disconnectBlocking(false)));
  await Promise.all(accounts.map(closeAccount));
  if (isClosed) await redis.quit().catch(() => undefined);
  else redis.disconnect();
  logger.info({ event: 'workers_stopped' }, 'stopped');
}

/** Closes what a failed start has opened, without a goodbye that Redis may not hear. */
async function abandon({ redis, stopping, accounts, workers }: Running): Promise<void> {
  stopping.abort();
  await Promise.all(workers.map((worker) => worker.close(true)));
  await Promise.all(accounts.map(closeAccount));
  redis.disconnect();
}

function openWorkers(
  account: WorkerAccount,
  { settings, concurrency }: WorkersOptions,
  running: Running,
): Worker[] {
  const { redis: connection, stopping } = running;
  const { lockSeconds } = settings.workers;
  const options = workerOptions({ account: account.account, connection, concurrency, lockSeconds });
  const ofSteps = STEPS.map((step) => {
    const process = createProcessor(account, STEP_OF[step], stopping.signal);
    return openWorker(account, step, { process, options, running });
  });
  const recurring = { connection, prefix: prefixOf(account.account.name), concurrency: 1 };
  const process = createRecurringProcessor(account);
  return [...ofSteps, openWorker(account, 'redrive', { process, options: recurring, running })];
}

function openWorker(
  { account, logger }: WorkerAccount,
  queue: StepName | 'redrive',
  { process, options, running }: { process: Processor; options: WorkerOptions; running: Running },
): Worker {
  const worker = new Worker(queueName(queue, account.name), process, { ...options, autorun: false });
  const log = rarely(TROUBLE_EVERY_MS, (error: Error) =>
    logger.error({ event: 'worker_error', queue, error: error.message }, 'worker error'),
  );
  worker.on('error', (error) => {
    if (running.hasStarted) log(error);
  });
  worker.on('stalled', (jobId) =>
    logger.warn({ event: 'job_stalled', queue, jobId }, 'taken over from a lost worker'),
  );
  return worker;
}
