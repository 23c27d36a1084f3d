/** Adds to the span of a run which row it was about, and what the ledger says of that row when the run is over. */
import type { Job } from 'bullmq';
import { jobDataSchema, type StoredJob } from '../src/queue/job.ts';
import type { StepName } from '../src/redis/keys.ts';
import type { WorkerAccount } from './step.ts';

type Process = (job: Job<StoredJob>, token?: string) => Promise<void>;

/** Changes nothing while traces are off. */
export function traced(account: WorkerAccount, step: StepName, process: Process): Process {
  const { traces, ledger } = account;
  if (traces.telemetry === undefined) return process;
  return async (job, token) => {
    const { batchId, row } = jobDataSchema.parse(job.data);
    traces.tell({ step, batch: batchId, row, attempt: job.attemptsStarted });
    try {
      await process(job, token);
    } finally {
      // The next step may have begun by now: then the row is already further.
      const record = (await ledger.readRow(batchId, row).catch(() => undefined))?.record;
      traces.tell({ outcome: record?.outcome, ...(record?.code && { code: record.code }) });
    }
  };
}
