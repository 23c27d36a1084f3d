/**
 * What it costs when little happens: workers with nothing to do, and the CPU of a customer at 5 a second beside a plain
 * BullMQ worker and a bare script. Each has a Redis of its own, so that what it is asked can be counted.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startPrivateRedis } from '../../src/sandbox/local-redis.ts';
import { renderTable } from '../../src/text.ts';
import { CONTENDERS, type Contender } from './contenders.ts';
import { countCommands } from './count-commands.ts';
import { cpuSeconds, startWorker } from './processes.ts';
import { openStage, type Stage } from './stage.ts';

const MEASURED_MS = 60_000;
/** After the start: what is compiled then, and collected once, is no cost of idling. */
const SETTLED_MS = 25_000;
const WARM_UP_MS = 30_000;
const CUSTOMERS = 600;
const LATENCY_MS = 40;

export async function benchIdle(): Promise<string> {
  return `${await benchNothing()}\n\n${await benchFive()}\n`;
}

async function benchNothing(): Promise<string> {
  const cases = [1, 10].flatMap((accounts) => [1, 3].map((workers) => ({ workers, accounts })));
  const rows = await Promise.all(cases.map(idle));
  return renderTable([
    ['workers', 'accounts', '% of a core', 'for a worker and account', 'commands/s, the same'],
    ...rows,
  ]);
}

interface Case {
  workers: number;
  accounts: number;
}

async function idle({ workers, accounts }: Case): Promise<string[]> {
  const redis = await startPrivateRedis();
  const stage = await openStage(redis.url);
  await nameAccounts(stage, accounts);
  const running = await Promise.all(Array.from({ length: workers }, () => startWorker(stage.environment)));
  await sleep(SETTLED_MS);
  const commands = await countCommands(redis.url);
  const [from, cpuBefore] = [performance.now(), cpuSeconds(running)];
  await sleep(MEASURED_MS);
  const seconds = (performance.now() - from) / 1000;
  const share = ((cpuSeconds(running) - cpuBefore) / seconds) * 100;
  const perSecond = commands.stop() / seconds;
  await Promise.all(running.map((worker) => worker.stop()));
  await stage.close();
  await redis.stop();
  const each = workers * accounts;
  return [workers, accounts, share.toFixed(2), (share / each).toFixed(2), (perSecond / each).toFixed(2)].map(
    String,
  );
}

async function nameAccounts({ folder, account, environment }: Stage, count: number): Promise<void> {
  const accounts = Array.from({ length: count }, (_, index) => {
    environment[`ID_${index}`] = `LTAI-idle-${index}`;
    environment[`SECRET_${index}`] = `secret-of-${index}`;
    const credentials = { type: 'env', accessKeyId: `ID_${index}`, accessKeySecret: `SECRET_${index}` };
    return { name: `${account}-${index}`, credentials };
  });
  await writeFile(join(folder, 'accounts.json'), JSON.stringify(accounts));
}

interface Measured {
  name: string;
  perSecond: number;
  throttledShare: number;
  cpuMs: number;
  commands: number;
}

async function benchFive(): Promise<string> {
  const rows = await Promise.all(CONTENDERS.map(atFive));
  const bare = rows.at(-1)?.cpuMs ?? 0;
  const cells = rows.map(({ name, perSecond, throttledShare, cpuMs, commands }) => [
    name,
    perSecond.toFixed(2),
    `${(throttledShare * 100).toFixed(2)} %`,
    `${cpuMs.toFixed(1)} ms`,
    (cpuMs / bare).toFixed(2),
    commands.toFixed(1),
  ]);
  return renderTable([
    ['', 'customers/s', 'throttled', 'CPU/customer', '÷ bare', 'commands/customer'],
    ...cells,
  ]);
}

async function atFive(contender: Contender): Promise<Measured> {
  const redis = await startPrivateRedis();
  const stage = await openStage(redis.url, { latencyMs: LATENCY_MS });
  const running = await contender.start(stage, CUSTOMERS);
  const { record } = stage.simulator.state;
  await sleep(WARM_UP_MS);
  const commands = await countCommands(redis.url);
  const [from, cpuBefore, doneBefore] = [performance.now(), cpuSeconds(running), record.accepted.length];
  await sleep(MEASURED_MS);
  const seconds = (performance.now() - from) / 1000;
  const done = Math.max(record.accepted.length - doneBefore, 1);
  const limited = record.arrivals.filter(({ operation, at }) => operation !== 'put' && at >= from);
  const throttled = limited.filter(({ answer }) => answer === 'Throttling.User');
  const result = {
    name: contender.name,
    perSecond: done / seconds,
    throttledShare: throttled.length / limited.length,
    cpuMs: ((cpuSeconds(running) - cpuBefore) * 1000) / done,
    commands: commands.stop() / done,
  };
  await Promise.all(running.map((program) => program.kill()));
  await stage.close();
  await redis.stop();
  return result;
}
