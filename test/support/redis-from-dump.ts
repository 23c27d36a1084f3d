/** A Redis of a test's own that begins with what an earlier version of this program left behind. */
import { readFile } from 'node:fs/promises';
import { Redis } from 'ioredis';
import { onTestFinished } from 'vitest';
import { startRedisServer } from '../../src/sandbox/local-redis.ts';

const DAY_MS = 86_400_000;
const MICROSECONDS_PER_MS = 1_000;
/** BullMQ sorts delayed jobs by milliseconds × 4096 + a counter. */
const DELAYED_SCALE = 0x1000;
/** What may be a time: in milliseconds (13 digits), in microseconds or as the score of a delayed job (16). */
const MAYBE_TIME = /(?<!\d)\d{13}(?:\d{3})?(?!\d)/g;

export interface DumpOptions {
  /** The dump: a command on each line, as a JSON list of texts. */
  file: string;
  /** When it was written, in milliseconds since 1970. */
  writtenAt: number;
  /** How long ago that is to appear, in milliseconds. */
  age: number;
}

/**
 * Starts a server, moves every time of the dump so that it seems to be as old as the test wants, and loads it.
 * @returns the value for REDIS_URL
 */
export async function startRedisFromDump({ file, writtenAt, age }: DumpOptions): Promise<string> {
  const { url, stop } = await startRedisServer('redis-server');
  onTestFinished(stop);
  const redis = new Redis(url);
  onTestFinished(() => redis.disconnect());
  const by = Date.now() - age - writtenAt;
  const text = moveTimes(await readFile(file, 'utf8'), writtenAt, by);
  const commands = text.trimEnd().split('\n');
  await Promise.all(commands.map((line) => redis.call(...(JSON.parse(line) as [string, ...string[]]))));
  return url;
}

/** Moves the times that are within a day of `around`, wherever they are: in keys, ids, scores and values alike. */
function moveTimes(text: string, around: number, by: number): string {
  const isNear = (time: number) => Math.abs(time - around) < DAY_MS;
  return text.replace(MAYBE_TIME, (digits) => {
    const scale = [1, MICROSECONDS_PER_MS, DELAYED_SCALE].find((unit) => isNear(Number(digits) / unit));
    return scale === undefined ? digits : String(Number(digits) + by * scale);
  });
}
