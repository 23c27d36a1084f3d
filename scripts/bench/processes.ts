/** Child processes of a measurement: started, watched for CPU time, ended. Linux only: CPU time is read from /proc. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Of `/proc/PID/stat`; the same on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

export interface Running {
  child: ChildProcess;
  /** Resolves when its standard error holds the text. */
  says(text: string): Promise<void>;
  ended: Promise<number | null>;
}

/** A TypeScript program in a process of its own. */
export function start(program: string, parameters: readonly string[], env: NodeJS.ProcessEnv): Running {
  const child = spawn(process.execPath, ['--import', 'tsx', program, ...parameters], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let seen = '';
  const waiting = new Set<() => void>();
  child.stderr?.on('data', (chunk: Buffer) => {
    seen = (seen + chunk).slice(-20_000);
    for (const check of waiting) check();
  });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  function says(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const check = () => {
        if (!seen.includes(text)) return;
        waiting.delete(check);
        resolve();
      };
      waiting.add(check);
      ended.then((code) =>
        reject(new Error(`${program} ended with ${code} before it said "${text}":\n${seen}`)),
      );
      check();
    });
  }
  return { child, says, ended };
}

export const onboard = (parameters: readonly string[], env: NodeJS.ProcessEnv) =>
  start('src/cli/main.ts', parameters, env);

export async function startWorker(env: NodeJS.ProcessEnv): Promise<Running> {
  const worker = onboard(['worker'], { ...env, LOG_LEVEL: 'info' });
  await worker.says('workers_started');
  return worker;
}

export async function stop(running: Running): Promise<void> {
  running.child.kill('SIGTERM');
  await running.ended;
}

/** CPU seconds, user and system, that the processes have used. */
export function cpuSeconds(running: readonly Running[]): number {
  return running.reduce((sum, { child }) => {
    const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return sum + (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  }, 0);
}

/** Resident memory, in MiB. */
export function memoryMiB({ child }: Running): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
}
