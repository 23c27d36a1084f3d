/** One measurement of scale: all accounts at full rate for a while, by our workers or by the bare script. */
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { connectRedis } from '../../src/redis/connect.ts';
import type { ChildProgram } from '../../src/sandbox/child-program.ts';
import { cpuSeconds, memoryMiB, startScript, startWorker } from './processes.ts';
import { type Call, judgeCalls, matchDepartures } from './scale-calls.ts';
import { type RedisUse, readRedisUse } from './scale-redis.ts';
import { openScaleWorld, type ScaleWorld } from './scale-world.ts';

const RATE = 5;
const WARM_UP_MS = 10_000;
const MEASURED_MS = 20_000;
const CUSTOMERS = (RATE * (WARM_UP_MS + MEASURED_MS)) / 1_000 + 25;
const WATCH = fileURLToPath(new URL('scale-watch.mjs', import.meta.url));
const MIB = 1_024 * 1_024;
/** Characters of what a program wrote before its end. */
const LAST_WORDS = 4_000;

export interface ScaleResult {
  accounts: number;
  /** Processes; 0 for the bare script. */
  workers: number;
  /** Each process had accounts of its own. */
  isDealt: boolean;
  customersPerSecond: number;
  /** Milliseconds for each customer: of workers or script, of Redis, of the simulators. */
  cpuMs: { ours: number; redis: number; peers: number };
  /** Seconds of CPU in a second. */
  cores: { ours: number; redis: number; peers: number };
  /** Of one process, in MiB: resident, and the heap after a collection. */
  residentMiB: number;
  heapMiB: number;
  /** Of Redis: for each customer, and connections of our workers. */
  commands: number;
  scripts: number;
  connections: number;
  calls: number;
  throttled: number;
  avoidable: number;
  mostLeft: number;
  mostArrived: number;
  /** Customers done in the time measured, of the account with the fewest, the median and the most. */
  fairness: [number, number, number];
  /** Lines of the workers' logs at the level warn or above, by event. */
  troubles: Record<string, number>;
}

export interface ScaleOrder {
  accounts: number;
  /** Processes; 0 for the bare script. */
  workers: number;
  /** Each process has accounts of its own; otherwise all serve all of them. */
  isDealt?: boolean;
  /** A folder for a CPU profile of each worker. */
  profiles?: string;
}

export async function measureScale(redisUrl: string, order: ScaleOrder): Promise<ScaleResult> {
  const { accounts, workers, isDealt = false } = order;
  const world = await openScaleWorld(redisUrl, accounts);
  const redis = connectRedis(redisUrl, { waitsForever: true });
  try {
    const connectionsBefore = (await readRedisUse(redis)).connections;
    if (workers > 0) await world.importCustomers(CUSTOMERS);
    const programs = await start(world, order);
    await sleep(WARM_UP_MS);
    const before = await readUse(programs, world, await readRedisUse(redis));
    await sleep(MEASURED_MS);
    const after = await readUse(programs, world, await readRedisUse(redis));
    const memory = await readMemory(programs);
    await Promise.all(programs.map((program) => (workers > 0 ? program.stop() : program.kill())));
    const calls = matchDepartures(await world.readArrivals(), await world.readDepartures());
    const use = differenceOf(before, after, calls);
    const connections = after.redis.connections - connectionsBefore;
    return {
      accounts,
      workers,
      isDealt,
      ...use,
      ...memory,
      connections,
      ...judge(calls),
      troubles: troublesOf(programs),
    };
  } finally {
    redis.disconnect();
    await world.close();
  }
}

function start(world: ScaleWorld, order: ScaleOrder): Promise<ChildProgram[]> {
  const { workers, isDealt = false, profiles } = order;
  const env = { ...world.environment, NODE_OPTIONS: `--import=${WATCH}` };
  const options = profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profiles}`];
  const served = (worker: number) => world.names.filter((_, index) => index % workers === worker);
  const orderOf = (worker: number) => (isDealt ? ['--account', ...served(worker)] : []);
  const ours = Array.from({ length: workers }, (_, index) => startWorker(env, options, orderOf(index)));
  if (ours.length > 0) return Promise.all(ours);
  const script = startScript('scripts/bench/bare-script.ts', [String(CUSTOMERS), world.callersFile], env);
  return script.says('workers_started').then(() => [script]);
}

function assertRunning(programs: readonly ChildProgram[]): void {
  const ended = programs.find(({ isRunning }) => !isRunning);
  if (ended) throw new Error(`A program has ended:\n${ended.output.stderr.slice(-LAST_WORDS)}`);
}

interface Use {
  /** Milliseconds since 1970. */
  at: number;
  ours: number;
  peers: number;
  redis: RedisUse;
}

async function readUse(programs: ChildProgram[], world: ScaleWorld, redis: RedisUse): Promise<Use> {
  assertRunning(programs);
  return { at: Date.now(), ours: cpuSeconds(programs), peers: cpuSeconds(world.peers), redis };
}

function differenceOf(before: Use, after: Use, calls: readonly Call[]) {
  const seconds = (after.at - before.at) / 1_000;
  const isDone = ({ operation, isDone, leftAt = 0 }: Call) =>
    operation === 'submit' && isDone && leftAt >= before.at && leftAt < after.at;
  const done = calls.filter(isDone);
  const cpu = {
    ours: after.ours - before.ours,
    redis: after.redis.cpuSeconds - before.redis.cpuSeconds,
    peers: after.peers - before.peers,
  };
  const each = (divisor: number) => ({
    ours: cpu.ours / divisor,
    redis: cpu.redis / divisor,
    peers: cpu.peers / divisor,
  });
  return {
    customersPerSecond: done.length / seconds,
    cpuMs: each(done.length / 1_000),
    cores: each(seconds),
    commands: (after.redis.commands - before.redis.commands) / done.length,
    scripts: (after.redis.scripts - before.redis.scripts) / done.length,
    fairness: spreadOf(calls, done),
  };
}

function spreadOf(calls: readonly Call[], done: readonly Call[]): [number, number, number] {
  const counts = new Map(calls.map(({ accessKeyId }) => [accessKeyId, 0]));
  for (const { accessKeyId } of done) counts.set(accessKeyId, (counts.get(accessKeyId) ?? 0) + 1);
  const sorted = [...counts.values()].sort((a, b) => a - b);
  return [sorted[0] ?? 0, sorted[Math.floor(sorted.length / 2)] ?? 0, sorted.at(-1) ?? 0];
}

/** After a collection, while the work goes on. */
async function readMemory(programs: readonly ChildProgram[]) {
  const resident = Math.max(...programs.map(memoryMiB));
  for (const program of programs) program.signal('SIGUSR2');
  await Promise.all(programs.map((program) => program.says('memory {')));
  const heaps = programs.map(({ output }) => {
    const text = /memory (\{.*\})/.exec(output.stderr)?.[1] ?? '{}';
    const { heapUsed, external }: NodeJS.MemoryUsage = JSON.parse(text);
    return (heapUsed + external) / MIB;
  });
  return { residentMiB: resident, heapMiB: Math.max(...heaps) };
}

function judge(calls: readonly Call[]) {
  const groups = new Map<string, Call[]>();
  for (const call of calls) {
    const name = `${call.accessKeyId} ${call.operation}`;
    const group = groups.get(name) ?? [];
    groups.set(name, group);
    group.push(call);
  }
  const all = [...groups.values()].map((group) => judgeCalls(group, RATE));
  const sum = (of: 'calls' | 'throttled' | 'avoidable') => all.reduce((total, one) => total + one[of], 0);
  return {
    calls: sum('calls'),
    throttled: sum('throttled'),
    avoidable: sum('avoidable'),
    mostLeft: Math.max(...all.map(({ mostLeft }) => mostLeft)),
    mostArrived: Math.max(...all.map(({ mostArrived }) => mostArrived)),
  };
}

function troublesOf(programs: readonly ChildProgram[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { output } of programs)
    for (const [, level, event = ''] of output.stderr.matchAll(/^\{"level":(\d+).*?"event":"(\w+)"/gm))
      if (Number(level) >= 40) counts[event] = (counts[event] ?? 0) + 1;
  return counts;
}
