/** Who is measured beside whom: this project, a plain BullMQ worker, and a bare script. */
import type { ChildProgram } from '../../src/sandbox/child-program.ts';
import { startScript, startWorker } from './processes.ts';
import type { Stage } from './stage.ts';

export interface Contender {
  name: string;
  /** Resolves when its processes work on so many customers. */
  start(stage: Stage, customers: number): Promise<ChildProgram[]>;
}

/** The bare script is the last, because the others are compared with it. */
export const CONTENDERS: readonly Contender[] = [
  { name: 'this project, 1 worker', start: (stage, customers) => startOurs(stage, customers, 1) },
  { name: 'this project, 3 workers', start: (stage, customers) => startOurs(stage, customers, 3) },
  { name: 'plain BullMQ limiter, 3 workers', start: startPlain },
  { name: 'bare script, p-throttle', start: startBare },
];

async function startOurs(stage: Stage, customers: number, count: number): Promise<ChildProgram[]> {
  const workers = await Promise.all(Array.from({ length: count }, () => startWorker(stage.environment)));
  await stage.importCustomers(customers);
  return workers;
}

async function startPlain(stage: Stage, customers: number): Promise<ChildProgram[]> {
  const counts = [customers, 0, 0];
  const workers = counts.map((count) =>
    startScript('scripts/bench/plain-worker.ts', [stage.account, String(count)], stage.environment),
  );
  await Promise.all(workers.map((worker) => worker.says('workers_started')));
  return workers;
}

async function startBare(stage: Stage, customers: number): Promise<ChildProgram[]> {
  const script = startScript('scripts/bench/bare-script.ts', [String(customers)], stage.environment);
  await script.says('workers_started');
  return [script];
}
