/**
 * What is left of what was acknowledged when the receiver and then Redis are killed under load. Calls come at a steady rate
 * whatever becomes of them, and the marketplace sends again what got no answer or `000005`.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { ChildProgram } from '../../src/sandbox/child-program.ts';
import { renderTable } from '../../src/text.ts';
import { CHANNEL, KEY } from './koogallery-channel.ts';
import { compareKept } from './koogallery-kept.ts';
import { PersistentCaller } from './koogallery-orders.ts';
import { openRestartableRedis } from './restartable-redis.ts';

const RETRY_MS = 500;

export interface KillRun {
  perSecond: number;
  seconds: number;
  /** Serves the channel on this Redis, always at one address, and says where. */
  serve(redisUrl: string): Promise<{ receiver: ChildProgram; url: string }>;
}

/** A third of the time before each of the two kills, and a third after them. */
export async function benchKills({ perSecond, seconds, serve }: KillRun): Promise<string> {
  const server = await openRestartableRedis();
  const { url, ...first } = await serve(server.url);
  let { receiver } = first;
  const caller = new PersistentCaller({ urls: [url], key: KEY, perSecond, retryMs: RETRY_MS });
  const stop = new AbortController();
  const pauses: string[] = [];
  try {
    const running = caller.run(stop.signal);
    const thirdMs = (seconds * 1_000) / 3;
    await sleep(thirdMs);
    await receiver.kill();
    pauses.push(await untilAcknowledged(caller, async () => ({ receiver } = await serve(server.url))));
    await sleep(thirdMs);
    pauses.push(await untilAcknowledged(caller, () => server.killAndStart()));
    await sleep(thirdMs);
    stop.abort();
    await running;
    return await describe(caller, { server: server.url, pauses });
  } finally {
    stop.abort();
    await receiver.stop();
    await server.close();
  }
}

/** @returns how long it takes until something is acknowledged again */
async function untilAcknowledged(caller: PersistentCaller, mend: () => Promise<unknown>): Promise<string> {
  const startedAt = performance.now();
  await mend();
  const before = caller.acknowledged;
  while (caller.acknowledged === before) await sleep(10);
  return `${((performance.now() - startedAt) / 1_000).toFixed(1)} s`;
}

async function describe(
  { orders, codes, acknowledged, repeated }: PersistentCaller,
  { server, pauses }: { server: string; pauses: readonly string[] },
): Promise<string> {
  const redis = new Redis(server);
  try {
    const kept = await compareKept({ redis, slug: CHANNEL.slug }, orders);
    for (const fault of kept.faults) process.stderr.write(`${fault}\n`);
    return renderTable([
      ['killed', `receiver (acknowledges again after ${pauses[0]}), Redis (${pauses[1]})`],
      ['acknowledged', `${acknowledged} changes of ${orders.length} orders, ${repeated} calls sent again`],
      ['codes', tally(codes)],
      ['in the registry', `${kept.instances} instances, ${kept.tasks} tasks`],
      ['lost', String(kept.lost)],
      ['doubled', String(kept.doubled)],
    ]);
  } finally {
    redis.disconnect();
  }
}

const tally = (codes: Readonly<Record<string, number>>) =>
  Object.entries(codes)
    .map(([code, count]) => `${code}: ${count}`)
    .join(', ');
