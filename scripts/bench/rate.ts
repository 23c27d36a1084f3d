/**
 * How close to the limit, and how often over it: this project with one and three workers, a plain BullMQ worker and a
 * bare script, side by side, against simulators that allow exactly 5 calls in any rolling second.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Arrival, SimulatorRecord } from '../../src/sandbox/simulator/record.ts';
import { mostInOneSecond } from '../../src/sandbox/simulator/rolling-window.ts';
import { renderTable } from '../../src/text.ts';
import { CONTENDERS, type Contender } from './contenders.ts';
import { cpuSeconds } from './processes.ts';
import { openStage } from './stage.ts';

const JITTERS_MS = [0, 30, 80];
const WARM_UP_MS = 30_000;
const MEASURED_MS = 120_000;
const CUSTOMERS = 900;
const TIMED_CUSTOMERS = 300;
const LATENCY_MS = 40;

export async function benchRate(redisUrl: string): Promise<string> {
  const sections = [];
  for (const jitterMs of JITTERS_MS) {
    const rows = await Promise.all(CONTENDERS.map((contender) => measure(redisUrl, contender, jitterMs)));
    sections.push(section(jitterMs, rows));
  }
  return sections.join('\n');
}

interface Measured {
  name: string;
  perSecond: number;
  calls: number;
  throttled: number;
  most: number;
  secondsFor300: number | undefined;
  cpuMsPerCustomer: number;
}

async function measure(redisUrl: string, contender: Contender, jitterMs: number): Promise<Measured> {
  const stage = await openStage(redisUrl, { jitterMs, latencyMs: LATENCY_MS });
  const running = await contender.start(stage, CUSTOMERS);
  const { record } = stage.simulator.state;
  await sleep(WARM_UP_MS);
  const [from, cpuBefore, doneBefore] = [performance.now(), cpuSeconds(running), record.accepted.length];
  await sleep(MEASURED_MS);
  const [to, cpuAfter, doneAfter] = [performance.now(), cpuSeconds(running), record.accepted.length];
  const limited = record.arrivals.filter(({ operation, at }) => operation !== 'put' && at >= from && at < to);
  const submits = limited.filter(({ operation }) => operation === 'submit');
  while (record.accepted.length < TIMED_CUSTOMERS) await sleep(1000);
  const result = {
    name: contender.name,
    perSecond: (submits.filter(isLetThrough).length / (to - from)) * 1000,
    calls: limited.length,
    throttled: limited.filter((arrival) => !isLetThrough(arrival)).length,
    most: Math.max(...(['authorize', 'submit'] as const).map((operation) => mostOf(record, operation))),
    secondsFor300: secondsFor(record, TIMED_CUSTOMERS),
    cpuMsPerCustomer: ((cpuAfter - cpuBefore) * 1000) / Math.max(doneAfter - doneBefore, 1),
  };
  await Promise.all(running.map((program) => program.kill()));
  await stage.close();
  process.stderr.write(`J=${jitterMs} ${JSON.stringify(result)}\n`);
  return result;
}

const isLetThrough = ({ answer }: Arrival) => answer !== 'Throttling.User';

function mostOf(record: SimulatorRecord, operation: 'authorize' | 'submit'): number {
  return mostInOneSecond(
    record.arrivals.filter((arrival) => arrival.operation === operation).map(({ at }) => at),
  );
}

function secondsFor(record: SimulatorRecord, count: number): number | undefined {
  const first = record.arrivals[0]?.at;
  const done = record.arrivals.filter(({ operation, isDone }) => operation === 'submit' && isDone)[count - 1]
    ?.at;
  return first !== undefined && done !== undefined ? (done - first) / 1000 : undefined;
}

function section(jitterMs: number, rows: readonly Measured[]): string {
  const bound = 5 / (1 + jitterMs / 1000);
  const bare = rows.at(-1)?.cpuMsPerCustomer ?? 0;
  const cells = rows.map((row) => [
    row.name,
    row.perSecond.toFixed(3),
    `${((row.perSecond / bound) * 100).toFixed(1)} %`,
    `${((row.throttled / row.calls) * 100).toFixed(2)} % of ${row.calls}`,
    String(row.most),
    row.secondsFor300?.toFixed(1) ?? '–',
    `${row.cpuMsPerCustomer.toFixed(1)} ms`,
    `${(row.cpuMsPerCustomer / bare).toFixed(2)}`,
  ]);
  const header = [
    '',
    'submits/s',
    'of 5/(1+J)',
    'throttled',
    'most in 1 s',
    's for 300',
    'CPU/customer',
    '÷ bare',
  ];
  return `\nJ = ${jitterMs} ms, bound ${bound.toFixed(3)}/s\n\n${renderTable([header, ...cells])}\n`;
}
