/** Backups of a Redis as its manual describes them, and putting them back: what docs/operating.md tells operators to do. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { freePort, placeOf } from '../../src/sandbox/local-redis.ts';
import { askServer, type Server } from './redis-servers.ts';

const RDB = 'dump.rdb';
const AOF = 'appendonlydir';

/** Puts it back into the folder of a server that does not run. */
export type PutBack = () => Promise<void>;

/** A backup of one kind. */
export type BackUp = (server: Server) => Promise<PutBack>;

const folderOf = async ({ port }: Server) =>
  (await askServer(port, 'CONFIG', 'GET', 'dir')).split(',').at(-1) ?? '';

async function makePlace(): Promise<string> {
  const place = await mkdtemp(join(tmpdir(), 'onboard-backup-'));
  onTestFinished(() => rm(place, { recursive: true, force: true }));
  return place;
}

const until = (port: number, says: string) =>
  expect.poll(() => askServer(port, 'INFO', 'persistence')).toContain(says);

/** A snapshot by BGSAVE. */
export const snapshot: BackUp = async (server) => {
  const [folder, place] = [await folderOf(server), await makePlace()];
  await askServer(server.port, 'BGSAVE');
  await until(server.port, 'rdb_bgsave_in_progress:0');
  await cp(join(folder, RDB), join(place, RDB));
  return async () => {
    await rm(join(folder, AOF), { recursive: true });
    await cp(join(place, RDB), join(folder, RDB));
    await makeLogOf(folder);
  };
};

/** With `appendonly yes`, a server reads only its log: without one it starts empty, whatever snapshot lies beside it. */
async function makeLogOf(folder: string): Promise<void> {
  const port = await freePort();
  const child = spawn('redis-server', ['--appendonly', 'no', '--save', '', ...placeOf(port, folder)], {
    stdio: 'ignore',
  });
  const ended = once(child, 'exit');
  await expect.poll(() => askServer(port, 'PING').catch(String)).toBe('PONG');
  await askServer(port, 'CONFIG', 'SET', 'appendonly', 'yes');
  await until(port, 'aof_rewrite_in_progress:0');
  child.kill('SIGTERM');
  await ended;
}

/** A copy of the log, which must not be rewritten meanwhile. */
export const copyOfLog: BackUp = async (server) => {
  const [folder, place] = [await folderOf(server), await makePlace()];
  await askServer(server.port, 'CONFIG', 'SET', 'auto-aof-rewrite-percentage', '0');
  await until(server.port, 'aof_rewrite_in_progress:0');
  await cp(join(folder, AOF), join(place, AOF), { recursive: true });
  await askServer(server.port, 'CONFIG', 'SET', 'auto-aof-rewrite-percentage', '100');
  return async () => {
    await rm(join(folder, AOF), { recursive: true });
    await cp(join(place, AOF), join(folder, AOF), { recursive: true });
  };
};

/** No backup at all: the server is to start empty. */
export const startEmpty: BackUp = async (server) => {
  const folder = await folderOf(server);
  return async () => {
    for (const name of [AOF, RDB]) await rm(join(folder, name), { recursive: true, force: true });
  };
};
