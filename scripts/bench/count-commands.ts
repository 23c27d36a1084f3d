/** Counts what clients ask of a Redis: what scripts do inside of it is not counted. */
import { monitorRedis } from '../../test/support/monitor.ts';

export interface CountedCommands {
  /** By command, in small letters. */
  counts: ReadonlyMap<string, number>;
  /** @returns how many it were */
  stop(): number;
}

export async function countCommands(url: string): Promise<CountedCommands> {
  const counts = new Map<string, number>();
  const stop = await monitorRedis(url, ({ command }) => counts.set(command, (counts.get(command) ?? 0) + 1));
  return {
    counts,
    stop() {
      stop();
      return [...counts.values()].reduce((sum, count) => sum + count, 0);
    },
  };
}
