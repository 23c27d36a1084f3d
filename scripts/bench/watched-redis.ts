/** A master with a replica, and a Sentinel that lets the replica take over when the master dies. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { ChildProgram } from '../../src/sandbox/child-program.ts';
import { DURABLE, freePort, placeOf } from '../../src/sandbox/local-redis.ts';

const NAME = 'onboard-bench';
const LOOK_EVERY_MS = 100;
const READY_MS_MAX = 60_000;

export interface WatchedRedis {
  /** Names the Sentinel. */
  url: string;
  /** Kills the master; resolves when the other has taken over and has the killed one, back again, as its replica. */
  failOver(): Promise<void>;
  close(): Promise<void>;
}

export async function openWatchedRedis(): Promise<WatchedRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'onboard-chaos-'));
  const ports = [await freePort(), await freePort(), await freePort()] as const;
  let [master, replica] = [ports[0], ports[1]];
  const programs = new Map<number, ChildProgram>();
  function start(port: number, parameters: readonly string[]): void {
    const file = 'redis-server';
    programs.set(
      port,
      new ChildProgram(parameters, { file, stdout: 'ignore', stderr: 'ignore', endsLast: true }),
    );
  }
  const startServer = (port: number) => {
    const settings = [
      ...DURABLE,
      '--repl-diskless-sync-delay',
      '0',
      ...placeOf(port, join(folder, `${port}`)),
    ];
    start(port, port === replica ? [...settings, '--replicaof', `127.0.0.1 ${master}`] : settings);
  };
  for (const port of [master, replica]) {
    await mkdir(join(folder, `${port}`));
    startServer(port);
  }
  await waitForInfo(master, 'connected_slaves:1');
  await waitForInfo(replica, 'master_link_status:up');
  await writeFile(join(folder, 'sentinel.conf'), sentinelLines(master).join('\n'));
  const [, , sentinel] = ports;
  start(sentinel, [
    join(folder, 'sentinel.conf'),
    '--sentinel',
    '--port',
    `${sentinel}`,
    '--bind',
    '127.0.0.1',
  ]);
  await waitForInfo(sentinel, 'slaves=1');
  return {
    url: `redis-sentinel://127.0.0.1:${sentinel}/${NAME}`,
    async failOver() {
      await programs.get(master)?.kill();
      await waitForInfo(replica, 'role:master');
      [master, replica] = [replica, master];
      startServer(replica);
      await waitForInfo(master, 'state=online');
    },
    async close() {
      await Promise.all([...programs.values()].map((program) => program.kill()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const sentinelLines = (master: number) => [
  `sentinel monitor ${NAME} 127.0.0.1 ${master} 1`,
  `sentinel down-after-milliseconds ${NAME} 1000`,
  `sentinel failover-timeout ${NAME} 10000`,
];

async function waitForInfo(port: number, text: string): Promise<void> {
  const redis = new Redis(port, '127.0.0.1', { maxRetriesPerRequest: null });
  redis.on('error', () => undefined);
  const late = AbortSignal.timeout(READY_MS_MAX);
  while (!(await redis.info()).includes(text)) {
    late.throwIfAborted();
    await sleep(LOOK_EVERY_MS);
  }
  redis.disconnect();
}
