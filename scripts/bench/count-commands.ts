/** Counts what clients ask of a Redis, by its MONITOR: what scripts do inside of it is not counted. */
import { Redis } from 'ioredis';

export interface CountedCommands {
  /** By command, in small letters. */
  counts: ReadonlyMap<string, number>;
  /** @returns how many it were */
  stop(): number;
}

export async function countCommands(url: string): Promise<CountedCommands> {
  const redis = new Redis(url);
  const monitor = await redis.monitor();
  const counts = new Map<string, number>();
  monitor.on('monitor', (_time: string, [command = '']: string[], source: string) => {
    if (source === 'lua') return;
    const name = command.toLowerCase();
    counts.set(name, (counts.get(name) ?? 0) + 1);
  });
  return {
    counts,
    stop() {
      monitor.disconnect();
      redis.disconnect();
      return [...counts.values()].reduce((sum, count) => sum + count, 0);
    },
  };
}
