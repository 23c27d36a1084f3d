/** Everything on this machine: a Redis, the simulators, two workers, the console, and an import of the examples. */
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { VARIABLES } from '../onboarding/variables.ts';
import { renderTable } from '../text.ts';
import { type ChildOptions, ChildProgram } from './child-program.ts';
import { existingRedis, type LocalRedis, startPrivateRedis } from './local-redis.ts';
import type { SimulatorRecord } from './simulator/record.ts';
import { type Simulator, startSimulator } from './simulator/simulator.ts';

const WORKERS = 2;
/** An answer of the simulated peer takes this long, in milliseconds. */
const LATENCY_MS = 60;
/** Exit code of a command that a signal ended. */
const INTERRUPTED = 130;
const FOLDER = join('var', 'demo');
const RESULTS = join(FOLDER, 'results');

export interface DemoOptions {
  /** Shows text to the person who watches, one or more lines at a time. */
  say(text: string): void;
  /** Address of a Redis to use instead of a private one: whatever waits in it is sent to the simulators. */
  redisUrl?: string;
  /** Whether everything stays up after the import, until a signal ends it. */
  stays: boolean;
}

/** @returns the exit code of the import; 130 if a signal ended it */
export async function runDemo({ say, redisUrl, stays }: DemoOptions): Promise<number> {
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  const redis = redisUrl === undefined ? await startPrivateRedis() : existingRedis(redisUrl);
  say(`Redis: ${redis.description}.`);
  const simulator = await startSimulator({ latencyMs: LATENCY_MS });
  say(
    `Simulated Chat App and OSS: ${simulator.endpoint}, 5 calls in any rolling second, signatures verified.`,
  );
  const programs = new Programs(environmentOf(redis, simulator));
  try {
    const code = await programs.importExamples(say);
    if (code === 0) say(`\n${renderResults(await readFile(join(RESULTS, 'succeeded.csv')))}`);
    say(`\nWhat the peer counted:\n${renderSummary(simulator.state.record)}`);
    say(`\nResult files: ${RESULTS}/  ·  logs: ${FOLDER}/worker-*.log`);
    if (stays) await programs.stayUp(say);
    return code ?? INTERRUPTED;
  } finally {
    await programs.stop();
    await simulator.stop();
    await redis.stop();
  }
}

function environmentOf(redis: LocalRedis, simulator: Simulator): NodeJS.ProcessEnv {
  // Whatever is set for a real installation, in the environment or in `.env`, is unset here.
  const unset = Object.fromEntries(Object.keys(VARIABLES).map((name) => [name, '']));
  return {
    ...process.env,
    ...unset,
    ...simulator.environment,
    REDIS_URL: redis.url,
    // Nobody misses what the demo forgets.
    ONBOARD_DURABILITY: 'relaxed',
    AGREEMENT_STORE: join(FOLDER, 'agreements'),
    HTTP_HOST: '127.0.0.1',
    HTTP_PORT: '0',
  };
}

/** The processes of the demo, each of them this very command line. A signal ends them, and the demo after them. */
class Programs {
  readonly #env: NodeJS.ProcessEnv;
  readonly #all: ChildProgram[] = [];
  /** Aborted by a signal. */
  readonly #interrupted = new AbortController();
  /** Of the page. */
  #address: string | undefined;
  readonly #interrupt = () => this.#interrupted.abort();

  constructor(env: NodeJS.ProcessEnv) {
    this.#env = env;
    for (const name of endings()) process.on(name, this.#interrupt);
  }

  /** @returns the exit code of the import; null if a signal ended it */
  async importExamples(say: DemoOptions['say']): Promise<number | null> {
    for (let number = 1; number <= WORKERS; number++) this.#startWorker(number);
    say(`Workers: ${WORKERS} processes, logs in ${FOLDER}.`);
    this.#address = await this.#startServer();
    say(`Watch it in the console: ${this.#address ?? '(the page did not start; see above)'}\n`);
    if (this.#interrupted.signal.aborted) return null;
    const examples = findExamples();
    const source = [join(examples, 'customers.csv'), '--agreements', join(examples, 'agreements')];
    const importing = this.#onboard(['import', ...source, '--results', RESULTS], {
      stdout: 'ignore',
      stderr: 'inherit',
    });
    return (await importing.ended).code;
  }

  /** Until a signal. */
  async stayUp(say: DemoOptions['say']): Promise<void> {
    const { signal } = this.#interrupted;
    if (signal.aborted || this.#address === undefined) return;
    say(`\nEverything stays up: ${this.#address} shows this batch. Ctrl-C ends it.`);
    await once(signal, 'abort');
    say('\nEnding the workers, the page and the simulators.');
  }

  async stop(): Promise<void> {
    await Promise.all(this.#all.map((program) => program.stop()));
    for (const name of endings()) process.off(name, this.#interrupt);
  }

  #startWorker(number: number): void {
    const log = openSync(join(FOLDER, `worker-${number}.log`), 'w');
    this.#onboard(['worker'], { stdout: log, stderr: log });
    closeSync(log);
  }

  /** @returns the address of the page; undefined if it did not start */
  async #startServer(): Promise<string | undefined> {
    const server = this.#onboard(['serve'], { stderr: 'inherit' });
    await server.says('\n', 'stdout').catch(() => undefined);
    return server.output.stdout.split('\n')[0] || undefined;
  }

  /** With the same TypeScript loader as this process, or without one. */
  #onboard(parameters: readonly string[], streams: ChildOptions): ChildProgram {
    const program = new ChildProgram([...process.execArgv, process.argv[1] ?? '', ...parameters], {
      env: this.#env,
      isApart: true,
      ...streams,
    });
    this.#all.push(program);
    return program;
  }
}

/** A terminal that is closed says so, and nobody could end the demo after that. Without one, nobody means us. */
function endings(): NodeJS.Signals[] {
  return process.stdin.isTTY ? ['SIGINT', 'SIGTERM', 'SIGHUP'] : ['SIGINT', 'SIGTERM'];
}

function renderResults(csv: Buffer): string {
  const rows: Record<string, string>[] = parse(csv, { columns: true, bom: true });
  const shown = [
    'onboard_row',
    'CustSpaceId',
    'CountryId',
    'onboard_outcome',
    'onboard_attempts',
    'onboard_request_id',
  ];
  return renderTable([shown, ...rows.map((row) => shown.map((column) => row[column] ?? ''))]);
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

/** Where the examples of this package are, seen from here: beside its package.json, from the sources as from the build. */
function findExamples(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && folder !== dirname(folder)) folder = dirname(folder);
  return relative(process.cwd(), join(folder, 'examples'));
}
