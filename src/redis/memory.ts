/** How full the memory of Redis is. */
import { Cluster } from 'ioredis';
import type { RedisClient } from './connect.ts';

/** From here on, people are told. */
export const MEMORY_SHARE_SHORT = 0.9;

export interface MemoryUse {
  /** 0 to 1. */
  share: number;
  /** What it may use, in bytes. */
  limit: number;
}

/** Of the fullest master. @returns undefined if it discloses neither a limit nor the memory of its machine */
export async function readMemoryUse(redis: RedisClient): Promise<MemoryUse | undefined> {
  const servers = redis instanceof Cluster ? redis.nodes('master') : [redis];
  const uses = await Promise.all(servers.map(async (server) => memoryUseIn(await server.info('memory'))));
  const known = uses.filter((use) => use !== undefined);
  return known.sort((a, b) => b.share - a.share)[0];
}

/** In an answer to INFO. Pure. */
export function memoryUseIn(info: string): MemoryUse | undefined {
  const read = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0);
  const limit = read('maxmemory') || read('total_system_memory');
  return limit === 0 ? undefined : { share: read('used_memory') / limit, limit };
}
