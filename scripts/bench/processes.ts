/** Child processes of a measurement, and what they use. Linux only: CPU time is read from /proc. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ChildProgram } from '../../src/sandbox/child-program.ts';
import { ONBOARD } from '../ensure-built.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Of `/proc/PID/stat`; the same on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** The command line, as built. @param nodeOptions of Node itself */
export function onboard(
  parameters: readonly string[],
  env: NodeJS.ProcessEnv,
  nodeOptions: readonly string[] = [],
): ChildProgram {
  return new ChildProgram([...nodeOptions, ONBOARD, ...parameters], { cwd: ROOT, env, stdout: 'ignore' });
}

/** One of the TypeScript programs of the measurements. */
export function startScript(
  path: string,
  parameters: readonly string[],
  env: NodeJS.ProcessEnv,
): ChildProgram {
  return new ChildProgram(['--import', 'tsx', path, ...parameters], { cwd: ROOT, env, stdout: 'ignore' });
}

/** Throws where the program does not end with 0. */
export async function succeed(program: ChildProgram): Promise<void> {
  const { code, signal } = await program.ended;
  if (code !== 0) throw new Error(`It ended with ${code ?? signal}: ${program.output.stderr}`);
}

/** @param nodeOptions of Node itself @param order parameters of `onboard worker` */
export async function startWorker(
  env: NodeJS.ProcessEnv,
  nodeOptions: readonly string[] = [],
  order: readonly string[] = [],
): Promise<ChildProgram> {
  const worker = onboard(['worker', ...order], { ...env, LOG_LEVEL: 'info' }, nodeOptions);
  await worker.says('workers_started');
  return worker;
}

/** CPU seconds, user and system, that the processes have used. */
export function cpuSeconds(programs: readonly ChildProgram[]): number {
  return programs.reduce((sum, { pid }) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return sum + (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  }, 0);
}

/** Resident memory, in MiB: now, and at most so far. */
export const memoryMiB = (program: ChildProgram) => readStatus(program, /VmRSS:\s+(\d+) kB/) / 1024;
export const peakMiB = (program: ChildProgram) => readStatus(program, /VmHWM:\s+(\d+) kB/) / 1024;

function readStatus({ pid }: ChildProgram, line: RegExp): number {
  return Number(line.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
}
