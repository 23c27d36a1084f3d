/**
 * Redis as people really have it: for each kind, 100 customers by two worker processes against the simulators, and all
 * that is promised counted. Needs `redis-server`, `redis-cli` and `openssl` on PATH; others are fetched by apt.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from '../../src/sandbox/local-redis.ts';
import { renderTable } from '../../src/text.ts';
import { type DebianPrograms, fetchDebianPrograms } from './debian-programs.ts';
import { KINDS, type RedisKind } from './redis-kinds.ts';
import { COLUMNS, runKind } from './redis-run.ts';

/** Each at the real rate of five a second, so a few of them do not disturb each other. */
const AT_A_TIME = 3;
const ABSENT = 'cannot be had here';

/** @param chosen a part of the names of those that run; all by default */
export async function benchRedis(_redisUrl: string, chosen = ''): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'onboard-debian-'));
  try {
    const programs = await fetchDebianPrograms(folder);
    const kinds = KINDS.filter(({ name, program }) => `${program} ${name}`.includes(chosen));
    const rows: string[][] = [];
    const waiting = kinds.map((kind, index) => ({ kind, index }));
    const work = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const row = await rowOf(next.kind, programs);
        process.stderr.write(`${row.join(' | ')}\n`);
        rows[next.index] = row;
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, work));
    return renderTable([COLUMNS, ...rows]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function rowOf(kind: RedisKind, programs: DebianPrograms | undefined): Promise<string[]> {
  const { program: wanted } = kind;
  const program = wanted === 'system' ? findProgram(['redis-server']) : programs?.[wanted];
  if (program === undefined) return [wanted, kind.name, ABSENT, ...COLUMNS.slice(3).map(() => '–')];
  return runKind(kind, program);
}
