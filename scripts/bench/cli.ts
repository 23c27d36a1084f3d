/** What the command line costs to start: CPU of a help text and of a status, against a Node that does nothing. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { renderTable } from '../../src/text.ts';
import { ONBOARD } from '../ensure-built.ts';
import { openStage } from './stage.ts';

/** Odd, so that there is a run in the middle. */
const RUNS = 15;
const CONTENDERS = [
  { name: 'node -e 0', parameters: ['-e', '0'], promised: undefined },
  { name: 'onboard --help', parameters: [ONBOARD, '--help'], promised: 4 },
  { name: 'onboard status', parameters: [ONBOARD, 'status'], promised: 8 },
];
/** Bash reports CPU time in milliseconds, from the first instruction to the last; Node cannot do that for a child. */
const TIMED = 'TIMEFORMAT="%3U %3S"; time "$0" "$@" >/dev/null 2>&1';
const run = promisify(execFile);

export async function benchCli(redisUrl: string): Promise<string> {
  const stage = await openStage(redisUrl);
  try {
    // In the environment as it is: what that makes every Node do at its start (NODE_EXTRA_CA_CERTS) is in all numbers.
    const medians = await measureAll({ ...process.env, ...stage.environment });
    const [bare = 0] = medians;
    const rows = CONTENDERS.map(({ name, promised }, index) => {
      const ms = medians[index] ?? 0;
      return [name, `${ms.toFixed(0)} ms`, (ms / bare).toFixed(1), promised ? `≤ ${promised}` : ''];
    });
    return renderTable([['command', 'CPU', '÷ bare Node', 'promised'], ...rows]);
  } finally {
    await stage.close();
  }
}

/** @returns the median CPU of each contender in milliseconds; they take turns, so that a busy minute is everybody's */
async function measureAll(env: NodeJS.ProcessEnv): Promise<number[]> {
  const measured = CONTENDERS.map((): number[] => []);
  for (let round = 0; round <= RUNS; round++)
    for (const [index, { parameters }] of CONTENDERS.entries()) {
      const ms = await cpuMs(parameters, env);
      // The first round only fills the caches of the machine.
      if (round > 0) measured[index]?.push(ms);
    }
  return measured.map(medianOf);
}

/** User and system time of Node with these parameters; throws where it does not end with 0. */
async function cpuMs(parameters: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const { stderr } = await run('bash', ['-c', TIMED, process.execPath, ...parameters], { env });
  const seconds = stderr.trim().split(' ').map(Number);
  return seconds.reduce((sum, part) => sum + part, 0) * 1000;
}

function medianOf(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
