/**
 * An installation on three hosts, each a network of its own: Redis and the peer are elsewhere, reached over cables that can
 * be pulled one by one, the peer under the names of the real one and with TLS.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { ONBOARD } from '../../../scripts/ensure-built.ts';
import { ChildProgram } from '../../../src/sandbox/child-program.ts';
import { SIMULATED_BUCKET } from '../../../src/sandbox/simulator/state.ts';
import { createAuthority, readPair } from '../certificates.ts';
import { startDistantRedis } from '../distant-redis.ts';
import { askServer, startSingleRedis } from '../redis-servers.ts';
import { startTlsFront } from '../tls-front.ts';
import { createWorld, type World } from '../world.ts';
import { createNetworks, IP, type NetworkHost, type Networks } from './networks.ts';

const CHATAPP = 'cams.test.aliyuncs.com';
const OSS = 'oss-ap-southeast-1.aliyuncs.com';
const NAMES = { 1: [CHATAPP], 2: [OSS, `${SIMULATED_BUCKET}.${OSS}`] };
const TLS_PORT = 443;
const CLOCK_OFF = fileURLToPath(new URL('../clock-off.mjs', import.meta.url));
const HOSTS = 3;
/** The host that is far from Redis, and how far. */
const FAR_HOST = 1;
const FAR = { roundTripMs: 50, jitter: 0.3 };
const LATENCY_MS = 200;

export interface WorkerHost extends NetworkHost {
  worker: ChildProgram;
  /** @param seconds what its clock is ahead of ours; negative: behind */
  setClock(seconds: number): Promise<void>;
}

export interface HostsWorld extends World {
  hosts: [WorkerHost, WorkerHost, WorkerHost];
}

export interface HostsOptions {
  /** Of all programs, beside what a world sets. */
  environment: Record<string, string>;
  /** What the clock of the first host is ahead of ours, in seconds. */
  aheadSeconds: number;
}

/** Each host has a worker that is ready. */
export async function createHostsWorld({ environment, aheadSeconds }: HostsOptions): Promise<HostsWorld> {
  const authority = await createAuthority();
  const networks = createNetworks(HOSTS, NAMES);
  onTestFinished(networks.remove);
  const { url, server } = await startSingleRedis();
  const world = await createWorld({
    namesItself: false,
    ossEndpoint: `https://${OSS}`,
    endpoint: `https://${CHATAPP}`,
    latencyMs: LATENCY_MS,
    redisUrl: url,
    environment: { NODE_EXTRA_CA_CERTS: authority.ca, ...environment },
  });
  const pair = await readPair(await authority.sign(`DNS:${CHATAPP}`, `DNS:${OSS}`, `DNS:*.${OSS}`));
  const { endpoint, state } = world.simulator;
  for (const [service, port] of [Number(new URL(endpoint).port), state.ossPort].entries())
    await startTlsFront(port, pair, { host: networks.addressOf('peer', service + 1), port: TLS_PORT });
  const near = await openRedisTo(networks, server.port);
  const far = await startDistantRedis(url, FAR, networks.addressOf('redis', 2));
  onTestFinished(far.stop);
  const made = networks.hosts.map((host, index) => {
    const redisUrl = index === FAR_HOST ? far.url : near;
    return startHost(world, host, { redisUrl, aheadSeconds: index === 0 ? aheadSeconds : 0 });
  });
  return { ...world, hosts: (await Promise.all(made)) as HostsWorld['hosts'] };
}

/** Lets a server listen where the hosts can reach it. @returns its address there */
async function openRedisTo({ addressOf }: Networks, port: number): Promise<string> {
  const host = addressOf('redis', 1);
  await askServer(port, 'CONFIG', 'SET', 'protected-mode', 'no');
  await askServer(port, 'CONFIG', 'SET', 'bind', `127.0.0.1 ${host}`);
  return `redis://${host}:${port}`;
}

async function startHost(
  world: World,
  host: NetworkHost,
  { redisUrl, aheadSeconds }: { redisUrl: string; aheadSeconds: number },
): Promise<WorkerHost> {
  const clock = join(world.folder, `${host.name}.clock`);
  const setClock = (seconds: number) => writeFile(clock, String(seconds * 1_000));
  await setClock(aheadSeconds);
  const env = {
    ...world.environment,
    LOG_LEVEL: 'info',
    REDIS_URL: redisUrl,
    NODE_OPTIONS: `--import ${CLOCK_OFF}`,
    CLOCK_OFF_FILE: clock,
  };
  const inside = ['netns', 'exec', host.name, process.execPath, ONBOARD, 'worker'];
  const worker = new ChildProgram(inside, { file: IP, env });
  onTestFinished(() => worker.kill());
  await worker.says('workers_started');
  return { ...host, worker, setClock };
}
