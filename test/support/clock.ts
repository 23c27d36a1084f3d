/** A Redis whose calendar can be set while it runs. */
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import { findProgram } from '../../src/sandbox/local-redis.ts';
import { askServer, type Server, startSingleRedis } from './redis-servers.ts';

const SHIM = fileURLToPath(new URL('./clock-shim.c', import.meta.url));

/** Undefined where there is none; then the tests of this cannot run. */
export const COMPILER = findProgram(['cc', 'gcc', 'clang', 'tcc']);

export interface RedisWithClock {
  url: string;
  server: Server;
  /** @param seconds what its clock is ahead of ours; negative: behind */
  setClock(seconds: number): Promise<void>;
}

export async function startRedisWithClock(): Promise<RedisWithClock> {
  const folder = await mkdtemp(join(tmpdir(), 'onboard-clock-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const place = (name: string) => join(folder, name);
  await promisify(execFile)(COMPILER ?? '', ['-shared', '-fPIC', '-o', place('clock.so'), SHIM]);
  await writeFile(place('ahead'), '0');
  const environment = `LD_PRELOAD=${place('clock.so')} CLOCK_FILE=${place('ahead')}`;
  await writeFile(place('redis-server'), `#!/bin/sh\nexec env ${environment} redis-server "$@"\n`);
  await chmod(place('redis-server'), 0o755);
  const { url, server } = await startSingleRedis([], place('redis-server'));
  return {
    url,
    server,
    async setClock(seconds) {
      await writeFile(place('ahead'), String(seconds));
      const before = Date.now() / 1_000 - 1;
      const [now] = (await askServer(server.port, 'TIME')).split(',');
      const here = Number(now) - seconds;
      if (here < before || here > Date.now() / 1_000 + 1) throw new Error(`Its clock says ${now}.`);
    },
  };
}
