/** Looks at what all accounts share: the memory of Redis, and the disk of this machine. */
import { hostname } from 'node:os';
import type { RedisClient } from '../redis/connect.ts';
import { alertKeys, type PeerKind } from '../redis/keys.ts';
import { MEMORY_SHARE_SHORT, readMemoryUse } from '../redis/memory.ts';
import { redisTime } from '../redis/time.ts';
import { type Condition, follow, type Present, standingSchema } from './conditions.ts';
import type { DiskGauge } from './disk-gauge.ts';
import { idOf } from './events.ts';
import type { Raise } from './look-at-account.ts';
import { Told } from './told.ts';

const BYTES_PER_MB = 1024 * 1024;
const MICROSECONDS_PER_MS = 1_000;
/** Memory in use from which Redis is short of it, and below which it is no more: 0 to 1. */
const MEMORY = { short: MEMORY_SHARE_SHORT, fine: 0.85 };
/** Free share of a disk below which it is nearly full, but never more than this, in bytes. */
const DISK = { share: 0.05, bytesMax: 10 * 1024 * BYTES_PER_MB, fineFactor: 1.5 };

export interface Place {
  redis: RedisClient;
  kind: PeerKind;
  raise: Raise;
  /** How long a trouble stays away before it is over, in milliseconds. */
  awayMs: number;
}

export async function lookAtMemory(place: Place): Promise<void> {
  const use = await readMemoryUse(place.redis);
  if (use === undefined) return;
  const { share, limit } = use;
  const facts = { percent: Math.floor(share * 100), megabytes: Math.round(limit / BYTES_PER_MB) };
  const condition = { began: 'redis.memory', afterMs: 0, awayMs: place.awayMs } as const;
  const isThere = (wasThere: boolean) => share >= (wasThere ? MEMORY.fine : MEMORY.short);
  await followPlace(place, { field: 'memory', condition, isThere, present: { facts } });
}

/** @param gauge of the agreement store's folder */
export async function lookAtDisk(place: Place, gauge: Pick<DiskGauge, 'read'>): Promise<void> {
  const disk = await gauge.read();
  if (disk === undefined) return;
  const free = disk.bavail * disk.bsize;
  const host = hostname();
  const facts = { host, megabytes: Math.floor(free / BYTES_PER_MB) };
  const condition = { began: 'disk.low', afterMs: 0, awayMs: place.awayMs } as const;
  const isThere = (wasThere: boolean) => isLow({ free, size: disk.blocks * disk.bsize, wasThere });
  await followPlace(place, { field: `disk:${host}`, condition, isThere, present: { facts } });
}

/** Whether a disk is nearly full. Pure. @param wasThere whether it was before: then it takes more to be fine again */
export function isLow({ free, size, wasThere }: { free: number; size: number; wasThere: boolean }): boolean {
  const limit = Math.min(size * DISK.share, DISK.bytesMax);
  return free < (wasThere ? limit * DISK.fineFactor : limit);
}

interface Following {
  field: string;
  condition: Condition;
  /** What flickers around a limit is there until it is well past it. */
  isThere: (wasThere: boolean) => boolean;
  present: Present;
}

async function followPlace(
  { redis, kind, raise }: Place,
  { field, condition, isThere, present }: Following,
): Promise<void> {
  const { told: key } = alertKeys(kind);
  const now = Math.floor((await redisTime(redis, key)) / MICROSECONDS_PER_MS);
  const told = new Told(redis, key);
  await told.read(now);
  const before = told.of(field, standingSchema);
  const wasThere = before !== undefined && before.goneAt === undefined;
  const { news, after } = follow(condition, {
    before,
    present: isThere(wasThere) ? present : undefined,
    now,
  });
  for (const { type, at, about, facts } of news)
    await raise({ id: idOf(type, kind, field, ...about), type, at, facts });
  await told.remember(field, after);
}
