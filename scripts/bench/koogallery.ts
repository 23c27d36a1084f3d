/**
 * How fast the receiver of KooGallery answers, with a Redis that brings every write to the disk before it replies: calls
 * come at a steady rate from a process of their own, and each is timed from the moment at which it was due. In a second run
 * the receiver is killed, and then Redis.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { ChildProgram } from '../../src/sandbox/child-program.ts';
import { freePort } from '../../src/sandbox/local-redis.ts';
import { renderTable } from '../../src/text.ts';
import { ONBOARD } from '../ensure-built.ts';
import { CHANNEL, KEY } from './koogallery-channel.ts';
import { benchKills } from './koogallery-kills.ts';
import { cpuSeconds, memoryMiB } from './processes.ts';

const PER_SECOND = 500;
const SECONDS = 60;

const figuresSchema = z.object({
  calls: z.number(),
  codes: z.record(z.string(), z.number()),
  p50: z.number(),
  p95: z.number(),
  p99: z.number(),
  max: z.number(),
});

/** @param shortened seconds of each run, if not the usual ones */
export async function benchKooGallery(redisUrl: string, shortened?: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'onboard-bench-'));
  const file = join(folder, 'channels.json');
  await writeFile(file, JSON.stringify([CHANNEL]));
  const seconds = Number(shortened ?? SECONDS);
  const port = await freePort();
  const serve = (url: string) => startReceiver(file, { url, port });
  try {
    const steady = await benchSteady(await serve(redisUrl), seconds);
    return `${steady}\n\n${await benchKills({ perSecond: PER_SECOND, seconds, serve })}`;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Always at one address: whoever calls does not learn of another. */
async function startReceiver(file: string, { url, port }: { url: string; port: number }) {
  const env = {
    ...{ REDIS_URL: url, HTTP_PORT: String(port), LOG_LEVEL: 'error' },
    ...{ ONBOARD_KOOGALLERY: file, KOO_KEY: KEY, KOO_SECRET: 'hook' },
  };
  const receiver = new ChildProgram([ONBOARD, 'koogallery', 'serve'], { env });
  await receiver.says('/koogallery/', 'stdout');
  return { receiver, url: `http://127.0.0.1:${port}/koogallery/${CHANNEL.slug}` };
}

async function benchSteady({ receiver, url }: { receiver: ChildProgram; url: string }, seconds: number) {
  try {
    const script = new URL('./koogallery-load.ts', import.meta.url).pathname;
    const parameters = [script, url, String(PER_SECOND), String(seconds)];
    const load = new ChildProgram(['--import', 'tsx', ...parameters]);
    const { code } = await load.ended;
    if (code !== 0) throw new Error(load.output.stderr);
    const figures = figuresSchema.parse(JSON.parse(load.output.stdout));
    return describe(figures, { seconds, receiver });
  } finally {
    await receiver.stop();
  }
}

interface Run {
  seconds: number;
  receiver: ChildProgram;
}

function describe(figures: z.output<typeof figuresSchema>, { seconds, receiver }: Run): string {
  const ms = (value: number) => `${value.toFixed(1)} ms`;
  const codes = Object.entries(figures.codes).map(([code, count]) => `${code}: ${count}`);
  return renderTable([
    ['calls', `${figures.calls} in ${seconds} s (${(figures.calls / seconds).toFixed(1)}/s)`],
    ['codes', codes.join(', ')],
    ['p50', ms(figures.p50)],
    ['p95', ms(figures.p95)],
    ['p99', ms(figures.p99)],
    ['slowest', ms(figures.max)],
    [
      'receiver',
      `${cpuSeconds([receiver]).toFixed(1)} s of CPU, ${memoryMiB(receiver).toFixed(0)} MiB at the end`,
    ],
  ]);
}
