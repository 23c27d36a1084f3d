/** The container setup, where an engine runs and has (or can get) the base images. */
import { spawnSync } from 'node:child_process';
import { appendFile, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createLedger } from '../../src/ledger/ledger.ts';
import { connectRedis } from '../../src/redis/connect.ts';
import { assertSuitableRedis } from '../../src/redis/suitability.ts';
import { startContainer } from '../../src/sandbox/local-redis.ts';
import { docker, findObstacle, hasCompose, ROOT } from '../support/containers.ts';

interface Compose {
  services: Record<'worker' | 'serve', { environment: Record<string, string>; ports?: unknown }>;
}

interface Parts {
  services: Record<string, { volumes?: { source?: string }[] }>;
  networks: Record<string, unknown>;
}

const why = findObstacle();
if (why) process.stderr.write(`Container tests are skipped: ${why}.\n`);

it.skipIf(!hasCompose)('has a valid docker-compose.yml, with and without its profiles', () => {
  const all = ['demo', 'app', 'command', 'observability'];
  for (const profiles of [[], ...all.map((name) => ['--profile', name])])
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

it.skipIf(!hasCompose)('leaves no volume without a name behind when it is taken down', () => {
  const all = ['--profile', 'demo', '--profile', 'app', '--profile', 'observability'];
  const { services } = JSON.parse(docker(['compose', ...all, 'config', '--format', 'json']).stdout) as Parts;
  const volumes = Object.values(services).flatMap((service) => service.volumes ?? []);
  expect(volumes.filter(({ source }) => source === undefined)).toEqual([]);
});

const inContainers = it.skipIf(why !== '');

inContainers('removes the volumes of the demo, and none of a real installation beside it', () => {
  const project = `onboard-down-${process.pid}`;
  // With `-p`, `down` would not read the file, and know no profiles.
  const compose = (...words: string[]) => docker(['compose', ...words], { COMPOSE_PROJECT_NAME: project });
  onTestFinished(() => void compose('--profile', 'app', '--profile', 'demo', 'down', '-v'));
  compose('--profile', 'app', 'up', '--no-start', 'redis');
  compose('--profile', 'demo', 'up', '--no-start', 'demo-redis');
  const volumes = () =>
    docker(['volume', 'ls', '-q', '--filter', `name=${project}_`])
      .stdout.trim()
      .split('\n');
  const isOfDemo = (name: string) => name.startsWith(`${project}_demo-`);
  const real = volumes().filter((name) => !isOfDemo(name));
  expect(real).toContain(`${project}_redis`);
  expect(volumes().filter(isOfDemo)).toHaveLength(2);
  compose('--profile', 'demo', 'down', '-v');
  expect(volumes()).toEqual(real);
});

inContainers('keeps the ledger in a Redis container of testcontainers', async () => {
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
    details: '',
    kind: 'import',
    columns: [],
    fieldColumns: [],
    priority: 1,
    maxFailures: 0,
  });
  expect(await ledger.listBatches(1)).toMatchObject([{ id: 'b', state: 'enqueuing' }]);
});

inContainers('sends nothing to the engine that is secret, or not for the image', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'onboard-context-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const wanted = ['package.json', 'src/index.ts', 'examples/agreements/a.pdf'];
  const unwanted = ['.env', '.git/config', 'metrics.key', 'node_modules/a.js', 'var/a.pdf', 'docs/a.md'];
  const hidden = ['src/.env', 'examples/tls.key', 'workers/koogallery/ca.pem'];
  await copyFile(join(ROOT, '.dockerignore'), join(folder, '.dockerignore'));
  for (const file of [...wanted, ...unwanted, ...hidden]) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), 'content');
  }
  await writeFile(join(folder, 'Dockerfile'), 'FROM scratch\nCOPY . /context/\nCMD ["none"]\n');
  const image = `onboard-context-${process.pid}`;
  expect(docker(['build', '-q', '-t', image, folder])).toMatchObject({ status: 0 });
  onTestFinished(() => void docker(['rmi', '-f', image]));
  const container = docker(['create', image]).stdout.trim();
  onTestFinished(() => void docker(['rm', container]));
  const list = spawnSync('sh', ['-c', `docker export ${container} | tar -t`], { encoding: 'utf8' }).stdout;
  const files = list.split('\n').filter((path) => path.startsWith('context/') && !path.endsWith('/'));
  expect(files.sort()).toEqual(wanted.map((path) => `context/${path}`).sort());
});
