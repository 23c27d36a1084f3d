/** The workers of one process: an upload and a submit worker for each account it serves. */
import { Worker } from 'bullmq';
import { type Logger, TROUBLE_EVERY_MS } from '../src/logger.ts';
import type { Account } from '../src/onboarding/accounts.ts';
import type { Config } from '../src/onboarding/config.ts';
import { type AccountRuntime, openRuntime } from '../src/onboarding/open-account.ts';
import { queueName } from '../src/queue/names.ts';
import { closeQueues } from '../src/queue/queues.ts';
import { workerOptions } from '../src/queue/worker-options.ts';
import { rarely } from '../src/rarely.ts';
import { connectRedis } from '../src/redis/connect.ts';
import { prefixOf, STEPS as STEP_NAMES } from '../src/redis/keys.ts';
import { createProcessor } from './step.ts';
import { submitStep } from './submit.ts';
import { createRetryProcessor, scheduleRetries } from './upkeep.ts';
import { uploadStep } from './upload.ts';

const STEPS = { upload: uploadStep, submit: submitStep };

export interface WorkersOptions {
  accounts: readonly Account[];
  config: Config;
  concurrency: number;
  logger: Logger;
  environment: NodeJS.ProcessEnv;
}

export interface Workers {
  /** Takes no more jobs, lets calls that are under way finish, hands the rest back. Safe to call twice. */
  stop(): Promise<void>;
}

export async function startWorkers(options: WorkersOptions): Promise<Workers> {
  const { config, logger } = options;
  const redis = connectRedis(config.REDIS_URL, { waitsForever: true }, logger);
  const stopping = new AbortController();
  const runtimes = options.accounts.map((account) => openRuntime({ account, ...options, redis }));
  const workers = runtimes.flatMap((runtime) => [...openWorkers(runtime), openRetryWorker(runtime)]);
  await Promise.all(runtimes.map((runtime) => scheduleRetries(runtime, redis)));
  await Promise.all(workers.map((worker) => worker.waitUntilReady()));
  logger.info(
    { event: 'workers_started', accounts: runtimes.map(({ account }) => account.name) },
    'workers are ready',
  );

  function openWorkers(runtime: AccountRuntime): Worker[] {
    return STEP_NAMES.map((kind) => {
      const processor = createProcessor(runtime, STEPS[kind], stopping.signal);
      const settings = workerOptions({
        account: runtime.account,
        connection: redis,
        concurrency: options.concurrency,
        lockSeconds: config.ONBOARD_LOCK_SECONDS,
      });
      const worker = new Worker(queueName(kind, runtime.account.name), processor, settings);
      worker.on(
        'error',
        rarely(TROUBLE_EVERY_MS, (error: Error) =>
          runtime.logger.error({ event: 'worker_error', queue: kind, error: error.message }, 'worker'),
        ),
      );
      worker.on('stalled', (jobId) =>
        runtime.logger.warn({ event: 'job_stalled', queue: kind, jobId }, 'taken over from a lost worker'),
      );
      return worker;
    });
  }

  function openRetryWorker(runtime: AccountRuntime): Worker {
    const name = queueName('redrive', runtime.account.name);
    const worker = new Worker(name, createRetryProcessor(runtime), {
      connection: redis,
      prefix: prefixOf(runtime.account.name),
      concurrency: 1,
    });
    worker.on(
      'error',
      rarely(TROUBLE_EVERY_MS, (error: Error) =>
        runtime.logger.error({ event: 'worker_error', queue: 'redrive', error: error.message }, 'worker'),
      ),
    );
    return worker;
  }

  let stopped: Promise<void> | undefined;
  async function stopOnce(): Promise<void> {
    logger.info({ event: 'workers_stopping' }, 'finishing the calls under way');
    stopping.abort();
    await Promise.all(workers.map((worker) => worker.close()));
    await Promise.all(runtimes.map((runtime) => closeQueues(runtime.queues)));
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
