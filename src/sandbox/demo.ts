/** Everything on this machine: a Redis, the simulators, two workers, the board, and an import of the examples. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { say } from '../cli/output.ts';
import { renderTable } from '../text.ts';
import { pickRedis } from './local-redis.ts';
import type { SimulatorRecord } from './simulator/record.ts';
import { startSimulator } from './simulator/simulator.ts';

const WORKERS = 2;
/** An answer of the simulated peer takes this long, in milliseconds. */
const LATENCY_MS = 60;
const FOLDER = join('var', 'demo');
const EXAMPLES = findExamples();

/** @returns the exit code of the import */
export async function runDemo(): Promise<number> {
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  const redis = await pickRedis();
  say(`Redis: ${redis.description}.`);
  const simulator = await startSimulator({ latencyMs: LATENCY_MS });
  say(
    `Simulated Chat App and OSS: ${simulator.endpoint}, 5 calls in any rolling second, signatures verified.`,
  );
  const environment = {
    ...process.env,
    ...simulator.environment,
    REDIS_URL: redis.url,
    AGREEMENT_STORE: join(FOLDER, 'agreements'),
    HTTP_HOST: '127.0.0.1',
    HTTP_PORT: '0',
    ONBOARD_ACCOUNTS: '',
    ONBOARD_CREDENTIALS: 'env',
  };
  const children: ChildProcess[] = [];
  const interrupt = () => children.forEach(terminate);
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    for (let number = 1; number <= WORKERS; number++) {
      const log = openSync(join(FOLDER, `worker-${number}.log`), 'w');
      children.push(onboard(['worker'], environment, ['ignore', log, log]));
    }
    say(`Workers: ${WORKERS} processes, logs in ${FOLDER}.`);
    const server = onboard(['serve'], environment, ['ignore', 'pipe', 'inherit']);
    children.push(server);
    say(`Watch the queues: ${await firstLine(server)}\n`);
    const results = join(FOLDER, 'results');
    const source = [join(EXAMPLES, 'customers.csv'), '--agreements', join(EXAMPLES, 'agreements')];
    const importing = onboard(['import', ...source, '--results', results], environment, [
      'ignore',
      'ignore',
      'inherit',
    ]);
    children.push(importing);
    const [code] = (await once(importing, 'exit')) as [number | null];
    if (code === 0) await showResults(results);
    say(`\nWhat the peer counted:\n${renderSummary(simulator.state.record)}`);
    say(`\nResult files: ${results}/  ·  logs: ${FOLDER}/worker-*.log`);
    return code ?? 1;
  } finally {
    await Promise.all(children.map(terminate));
    await simulator.stop();
    await redis.stop();
  }
}

/** This very command line in a process of its own, with or without a TypeScript loader. */
function onboard(
  parameters: string[],
  env: NodeJS.ProcessEnv,
  stdio: Parameters<typeof spawn>[2]['stdio'],
): ChildProcess {
  return spawn(process.execPath, [...process.execArgv, process.argv[1] ?? '', ...parameters], { env, stdio });
}

async function terminate(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('The output of the child is not piped.');
  const lines = createInterface({ input: child.stdout });
  const ended = once(child, 'exit').then(() => ['(it did not start; see above)']);
  const [line] = (await Promise.race([once(lines, 'line'), ended])) as [string];
  return line;
}

async function showResults(folder: string): Promise<void> {
  const text = await readFile(join(folder, 'succeeded.csv'));
  const rows: Record<string, string>[] = parse(text, { columns: true, bom: true });
  const shown = [
    'onboard_row',
    'CustSpaceId',
    'CountryId',
    'onboard_outcome',
    'onboard_attempts',
    'onboard_request_id',
  ];
  say(`\n${renderTable([shown, ...rows.map((row) => shown.map((column) => row[column] ?? ''))])}`);
}

function renderSummary(record: SimulatorRecord): string {
  const { authorize, put, submit, acceptedCustomers, acceptedTwice, badSignatures } = record.summary();
  const rows = Object.entries({ authorize, put, submit }).map(
    ([operation, { calls, throttled, mostInOneSecond }]) => [
      operation,
      String(calls),
      String(throttled),
      String(mostInOneSecond),
    ],
  );
  const table = renderTable([['operation', 'calls', 'throttled', 'most in one second'], ...rows]);
  return `${table}\n${acceptedCustomers} customers accepted, ${acceptedTwice} twice, ${badSignatures} bad signatures`;
}

function findExamples(): string {
  // Two levels up from the sources, three from a build.
  const here = fileURLToPath(import.meta.url);
  const root = here.includes(`${join('dist', 'src')}`) ? '../../../examples' : '../../examples';
  return relative(process.cwd(), fileURLToPath(new URL(root, import.meta.url)));
}
