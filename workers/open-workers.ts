/** BullMQ's workers of one account: one for each step, which this machine may have to stop, and the recurring redrive. */
import { type Processor, Worker, type WorkerOptions } from 'bullmq';
import { rarely, TROUBLE_EVERY_MS } from '../src/logger.ts';
import type { Settings } from '../src/onboarding/settings.ts';
import { queueName } from '../src/queue/names.ts';
import { patientBackend } from '../src/queue/patient-backend.ts';
import { createPollingBackend } from '../src/queue/polling-backend.ts';
import { patienceMs, workerOptions } from '../src/queue/worker-options.ts';
import type { RedisClient } from '../src/redis/connect.ts';
import { prefixOf, STEPS, type StepName } from '../src/redis/keys.ts';
import { createProcessor } from './processor.ts';
import { createRecurringProcessor } from './recurring.ts';
import type { Step, WorkerAccount } from './step.ts';
import { submitStep } from './submit.ts';
import { traced } from './traced.ts';
import { uploadStep } from './upload.ts';

const STEP_OF: Record<StepName, Step> = { upload: uploadStep, submit: submitStep };

interface Opening {
  settings: Settings;
  /** Jobs run at a time, for each queue. */
  concurrency: number;
  redis: RedisClient;
  /** Whether errors are logged by now; before, they go to the caller of `startWorkers` and nowhere else. */
  isHeard: () => boolean;
}

export interface OpenedWorkers {
  /** Of the steps. */
  takers: Worker[];
  /** Of the recurring redrive. */
  recurring: Worker;
}

/** None takes a job yet. */
export function openWorkers(account: WorkerAccount, opening: Opening): OpenedWorkers {
  const { settings, concurrency, redis: connection } = opening;
  const { lockSeconds } = settings.workers;
  const { ledger: name, rate } = account.account;
  const options = workerOptions({ account: { name, rate }, connection, concurrency, lockSeconds });
  const takers = STEPS.map((step) => {
    const process = traced(account, step, createProcessor(account, STEP_OF[step]));
    return openWorker(account, step, { process, options, opening });
  });
  const ofSchedule = { connection, prefix: prefixOf(name), concurrency: 1 };
  const process = createRecurringProcessor(account);
  return { takers, recurring: openWorker(account, 'redrive', { process, options: ofSchedule, opening }) };
}

function openWorker(
  { account: { ledger, rate }, logger, traces: { telemetry } }: WorkerAccount,
  queue: StepName | 'redrive',
  { process, options, opening }: { process: Processor; options: WorkerOptions; opening: Opening },
): Worker {
  const more = { autorun: false, ...(telemetry && { telemetry }) };
  // An account has three queues; a connection that blocks is kept for those whose jobs must not wait.
  const backend = queue === 'redrive' ? createPollingBackend : patientBackend(patienceMs(rate));
  const worker = new Worker(queueName(queue, ledger), process, { ...options, ...more }, backend);
  const log = rarely(TROUBLE_EVERY_MS, (error: Error) =>
    logger.error({ event: 'worker_error', queue, error: error.message }, 'worker error'),
  );
  worker.on('error', (error) => {
    if (opening.isHeard()) log(error);
  });
  worker.on('stalled', (jobId) =>
    logger.warn({ event: 'job_stalled', queue, jobId }, 'taken over from a lost worker'),
  );
  return worker;
}
