/** The most memory that a program and all of its children have had at a time. Linux only: read from /proc. */
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChildProgram } from '../../src/sandbox/child-program.ts';

const LOOK_EVERY_MS = 20;
const REPORTER = new URL('report-peak.mjs', import.meta.url).href;

export interface Peak {
  mib: number;
  /** Of the program; the name of the signal where one has ended it. */
  ended: string;
  seconds: number;
}

export interface Measured {
  /** @param env to be added to that of the program */
  start(env: NodeJS.ProcessEnv): ChildProgram | Promise<ChildProgram>;
  /** What the program does before it is ended, once it has started; without it, it ends by itself. */
  use?(program: ChildProgram): Promise<void>;
  /** A program that takes longer is killed. */
  secondsMax: number;
}

/**
 * Each process reports its own peak as it exits; those of children, and of a program that is killed, are looked up in
 * between. Peaks of processes that run side by side are added up, so that the sum is an upper bound.
 */
export async function measurePeak({ start, use, secondsMax }: Measured): Promise<Peak> {
  const reports = await mkdtemp(join(tmpdir(), 'onboard-bench-peaks-'));
  const begun = performance.now();
  const program = await start({ NODE_OPTIONS: `--import ${REPORTER}`, BENCH_PEAKS: reports });
  let kib = 0;
  const look = () => {
    kib = Math.max(kib, peakOfTree(program.pid));
  };
  const looking = setInterval(look, LOOK_EVERY_MS);
  const killing = setTimeout(() => program.kill(), secondsMax * 1000);
  try {
    if (use !== undefined) {
      await use(program);
      look();
      await program.stop();
    }
    const { code, signal } = await program.ended;
    for (const name of await readdir(reports))
      kib = Math.max(kib, Number(await readFile(join(reports, name), 'utf8')));
    const seconds = (performance.now() - begun) / 1000;
    return { mib: kib / 1024, ended: String(code ?? signal), seconds };
  } finally {
    clearInterval(looking);
    clearTimeout(killing);
    await program.kill();
    await rm(reports, { recursive: true });
  }
}

/** @returns kilobytes; 0 for a process that is gone */
function peakOfTree(pid: number | undefined): number {
  try {
    const own = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean),
    );
    return Number(own ?? 0) + children.reduce((sum, child) => sum + peakOfTree(Number(child)), 0);
  } catch {
    return 0;
  }
}
