/** Workers that fail to start exit, say why in one line, and leave nothing behind. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { ONBOARD } from '../../scripts/ensure-built.ts';
import { channelKeys, KNOWN_CHANNELS } from '../../src/koogallery/keys.ts';
import { ChildProgram } from '../../src/sandbox/child-program.ts';
import { freePort, startRedisServer } from '../../src/sandbox/local-redis.ts';
import { startWorkerProgram } from '../support/programs.ts';
import { uniqueName } from '../support/redis.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { createWorld, type World } from '../support/world.ts';

/** Both ways to start workers, as arguments for Node. */
const PROGRAMS = [[ONBOARD, 'worker'], [join(ONBOARD, '../../../workers/main.js')]];
/** Ten seconds, plus what a busy machine takes to load two programs at once; one that hangs never ends. */
const ENDED_MS_MAX = 90_000;

/** Expects both programs to exit by themselves with one line that contains the text. */
async function expectToFail(world: World, text: string, env: Record<string, string> = {}): Promise<void> {
  const ends = PROGRAMS.map(async (parameters) => {
    const program = new ChildProgram(parameters, {
      env: { ...world.environment, LOG_LEVEL: 'info', ...env },
    });
    onTestFinished(() => program.kill());
    const { code, signal } = await program.ended;
    expect(signal).toBeNull();
    expect(code).toBeGreaterThan(0);
    expect(program.output.stderr.trimEnd().split('\n')).toEqual([expect.stringContaining(text)]);
  });
  await Promise.all(ends);
}

describe('a worker that fails to start exits with one line', () => {
  it('if Redis is away', { timeout: ENDED_MS_MAX }, async () => {
    const REDIS_URL = `redis://127.0.0.1:${await freePort()}`;
    await expectToFail(await createWorld(), 'Redis does not answer', { REDIS_URL });
  });

  it('if Redis accepts connections but never answers', { timeout: ENDED_MS_MAX }, async () => {
    const proxy = await startTcpProxy(inject('redisUrl'));
    proxy.silenceAll();
    await expectToFail(await createWorld(), 'Redis does not answer', { REDIS_URL: proxy.url });
  });

  it('if Redis goes silent during the start', { timeout: ENDED_MS_MAX }, async () => {
    const proxy = await startTcpProxy(inject('redisUrl'));
    const silenced = proxy.hears(':schedule', () => proxy.silenceAll());
    await expectToFail(await createWorld(), 'Redis ', { REDIS_URL: proxy.url });
    await silenced;
  });

  it('if the configuration cannot be read', { timeout: ENDED_MS_MAX }, async () => {
    const world = await createWorld();
    await writeFile(world.environment.ONBOARD_ACCOUNTS ?? '', '[{ "name": ');
    await expectToFail(world, 'ONBOARD_ACCOUNTS');
  });

  it('if the schedule is invalid', { timeout: ENDED_MS_MAX }, async () => {
    const world = await createWorld();
    // What workers that run would warn of.
    const slug = uniqueName();
    await world.redis.zadd(KNOWN_CHANNELS, Date.now(), slug);
    await world.redis.zadd(channelKeys(slug).due, Date.now(), 'instance');
    await expectToFail(world, 'got value 99', { ONBOARD_RETRY_CRON: '99 99 * * *' });
  });
});

describe.skipIf(!inject('hasRedisServer'))('a worker exits with one line on a Redis', () => {
  it.each([
    ['that may drop keys', 'noeviction', ['maxmemory-policy', 'allkeys-lru']],
    ['that refuses the schedule', 'too few replicas', ['min-replicas-to-write', '1']],
    ['that may forget', 'ONBOARD_DURABILITY', ['appendonly', 'no']],
    ['that requires a password', 'it wants a password', ['requirepass', 'secret']],
  ] as const)(
    '%s',
    async (_name, text, settings) => {
      const server = await startRedisServer('redis-server');
      onTestFinished(server.stop);
      const redis = new Redis(server.url);
      onTestFinished(() => redis.disconnect());
      await redis.call('CONFIG', 'SET', ...settings);
      await expectToFail(await createWorld(), text, { REDIS_URL: server.url });
      // Redis hears of the end of a connection after its process.
      const clients = async () =>
        String(await redis.client('LIST'))
          .trim()
          .split('\n');
      await expect.poll(clients).toHaveLength(1);
    },
    ENDED_MS_MAX,
  );
});

it('a worker starts without its agreement store, which may appear later', async () => {
  const world = await createWorld();
  const file = join(world.folder, 'file');
  await writeFile(file, '');
  await startWorkerProgram(world, { AGREEMENT_STORE: join(file, 'store') });
});
