/** What a Redis has done so far, as it says itself. */
import type { RedisClient } from '../../src/redis/connect.ts';

export interface RedisUse {
  /** Those inside of scripts included. */
  commands: number;
  scripts: number;
  /** User and system. */
  cpuSeconds: number;
  connections: number;
}

export async function readRedisUse(redis: RedisClient): Promise<RedisUse> {
  const [stats, cpu, clients, commands] = await Promise.all(
    ['stats', 'cpu', 'clients', 'commandstats'].map((section) => redis.info(section)),
  );
  return {
    commands: numberIn(stats, /total_commands_processed:(\d+)/),
    scripts:
      numberIn(commands, /cmdstat_evalsha:calls=(\d+)/) + numberIn(commands, /cmdstat_eval:calls=(\d+)/),
    cpuSeconds: numberIn(cpu, /used_cpu_sys:([\d.]+)/) + numberIn(cpu, /used_cpu_user:([\d.]+)/),
    connections: numberIn(clients, /connected_clients:(\d+)/),
  };
}

const numberIn = (text = '', line: RegExp) => Number(line.exec(text)?.[1] ?? 0);
