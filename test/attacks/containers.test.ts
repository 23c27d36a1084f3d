/** The container setup, where an engine runs and has (or can get) the base images. */
import { spawnSync } from 'node:child_process';
import { appendFile, copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createLedger } from '../../src/ledger/ledger.ts';
import { connectRedis } from '../../src/redis/connect.ts';
import { assertSuitableRedis } from '../../src/redis/suitability.ts';
import { startContainer } from '../../src/sandbox/local-redis.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BUILD_WITHIN_MS = 400_000;
const docker = (parameters: string[], env = {}) =>
  spawnSync('docker', parameters, { cwd: ROOT, encoding: 'utf8', env: { ...process.env, ...env } });

interface Compose {
  services: Record<'worker' | 'serve', { environment: Record<string, string>; ports?: unknown }>;
}

interface Parts {
  services: Record<string, { volumes?: { source: string }[] }>;
  networks: Record<string, unknown>;
}

const hasCompose = docker(['compose', 'version']).status === 0;
const hasEngine = docker(['info']).status === 0;
const hasImages = [
  process.env.NODE_IMAGE ?? 'node:20-bookworm-slim',
  process.env.REDIS_IMAGE ?? 'redis:7',
].every((image) => docker(['image', 'inspect', image]).status === 0);
const why = !hasEngine
  ? 'no container engine runs'
  : !hasImages
    ? 'the base images are not here (NODE_IMAGE, REDIS_IMAGE)'
    : '';
if (why) process.stderr.write(`Container tests are skipped: ${why}.\n`);

it.skipIf(!hasCompose)('has a valid docker-compose.yml, with and without its profiles', () => {
  for (const profiles of [[], ['--profile', 'demo'], ['--profile', 'app']])
    expect(docker(['compose', ...profiles, 'config', '-q'])).toMatchObject({ status: 0, stderr: '' });
});

it.skipIf(!hasCompose)(
  'gives workers and pages in containers what .env says, but for what differs inside',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'onboard-compose-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await copyFile(join(ROOT, '.env.example'), join(folder, '.env'));
    await appendFile(join(folder, '.env'), 'CHATAPP_RATE_PER_SECOND=3\nHTTP_PORT=8080\n');
    const project = ['-f', 'docker-compose.yml', '--project-directory', folder, '--profile', 'app'];
    const { stdout } = docker(['compose', ...project, 'config', '--format', 'json']);
    const { worker, serve } = (JSON.parse(stdout) as Compose).services;
    const inside = { CHATAPP_RATE_PER_SECOND: '3', REDIS_URL: 'redis://redis:6379' };
    expect(worker.environment).toMatchObject({ ...inside, AGREEMENT_STORE: '/data/agreements' });
    expect(serve.environment).toMatchObject({ ...inside, HTTP_HOST: '0.0.0.0', HTTP_PORT: '3000' });
    expect(serve.ports).toMatchObject([{ host_ip: '127.0.0.1', published: '8080', target: 3000 }]);
  },
);

it.skipIf(!hasCompose)(
  'shares no service, network or volume between the demo and the real installation',
  () => {
    const partsOf = (profile: string) => {
      const { stdout } = docker(['compose', '--profile', profile, 'config', '--format', 'json']);
      const { services, networks } = JSON.parse(stdout) as Parts;
      const volumes = Object.values(services).flatMap((service) => service.volumes ?? []);
      return [
        ...Object.keys(services),
        ...Object.keys(networks).map((name) => `network ${name}`),
        ...volumes.map(({ source }) => `volume ${source}`),
      ];
    };
    const [demo, app] = [partsOf('demo'), partsOf('app')];
    expect(demo).toEqual(expect.arrayContaining(['demo-redis', 'network demo', 'volume demo-agreements']));
    expect(demo.filter((part) => app.includes(part))).toEqual([]);
  },
);

describe.skipIf(why !== '')('with an engine', () => {
  it('keeps the ledger in a Redis container of testcontainers', async () => {
    const container = await startContainer();
    if (container === undefined) throw new Error('testcontainers did not start Redis');
    onTestFinished(container.stop);
    const redis = connectRedis(container.url, { waitsForever: false });
    onTestFinished(() => redis.disconnect());
    expect(await assertSuitableRedis(redis)).toEqual({ warnings: [], mayForget: undefined });
    const ledger = createLedger(redis, 'default');
    await ledger.createBatch({
      id: 'b',
      name: 'b',
      source: 's',
      sourceKey: 'k',
      by: 't',
      kind: 'import',
      columns: [],
      fieldColumns: [],
      priority: 1,
      maxFailures: 0,
    });
    expect(await ledger.listBatches(1)).toMatchObject([{ id: 'b', state: 'enqueuing' }]);
  });

  it('completes an import with the demo profile', { timeout: BUILD_WITHIN_MS }, () => {
    const project = ['compose', '-p', `onboard-test-${process.pid}`, '--profile', 'demo'];
    onTestFinished(() => void docker([...project, 'down', '-v']));
    const { status, stdout, stderr } = docker([
      ...project,
      'up',
      '--build',
      '--exit-code-from',
      'demo-import',
    ]);
    expect(stdout + stderr).toContain('36 submitted, 0 unchanged, 0 failed');
    expect(status).toBe(0);
  });
});
