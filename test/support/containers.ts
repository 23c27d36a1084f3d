/** Containers of docker-compose.yml, and the simulators that they are directed to. */
import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, connect as tcpConnect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Simulator, startSimulator } from '../../src/sandbox/simulator/simulator.ts';
import { makeCustomer, writeInput } from './customers.ts';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FORWARD = fileURLToPath(new URL('forward-ports.mjs', import.meta.url));

export const docker = (parameters: string[], env = {}) =>
  spawnSync('docker', parameters, { cwd: ROOT, encoding: 'utf8', env: { ...process.env, ...env } });

export const hasCompose = docker(['compose', 'version']).status === 0;

/** Why nothing can be run in containers here; empty if it can. */
export function findObstacle(): string {
  if (docker(['info']).status !== 0) return 'no container engine runs';
  const images = [process.env.NODE_IMAGE ?? 'node:20-bookworm-slim', process.env.REDIS_IMAGE ?? 'redis:7'];
  if (images.every((image) => docker(['image', 'inspect', image]).status === 0)) return '';
  return 'the base images are not here (NODE_IMAGE, REDIS_IMAGE)';
}

export interface ContainerState {
  id: string;
  status: string;
  health: string | undefined;
  exitCode: number;
}

export interface Installation {
  simulator: Simulator;
  /** Runs `docker compose`. @returns standard output. @throws Error with both outputs if it fails */
  compose(...parameters: string[]): Promise<string>;
  /** Runs one command of `onboard` in a container, with something to read. */
  command(parameters: string[], input?: string): Promise<string>;
  /** All containers of a service, stopped ones included. */
  statesOf(service: string): Promise<ContainerState[]>;
  /** Imports customers FIRST to LAST by the command in a container. @returns the batch */
  import(first: number, last: number): Promise<string>;
  stop(): Promise<void>;
}

/** The profile `app`, as it is but for the way to the simulators and health checks each second. Nothing runs yet. */
export async function prepareInstallation(): Promise<Installation> {
  const simulator = await startSimulator();
  const ways = [Number(new URL(simulator.endpoint).port), simulator.state.ossPort].map(openWay);
  const opened = await Promise.all(ways);
  const folder = await mkdtemp(join(tmpdir(), 'onboard-containers-'));
  const input = join(folder, 'input');
  await mkdir(join(input, 'agreements'), { recursive: true });
  // What a killed worker held is taken up by another after the lock.
  const variables = { ...simulator.environment, ONBOARD_LOCK_SECONDS: '3' };
  const env = Object.entries(variables).map(([name, value]) => `${name}=${value}\n`);
  await writeFile(join(folder, '.env'), env.join(''));
  const changes = changesOf(opened.map(({ from, to }) => `${from}:${to}`).join(), input);
  await writeFile(join(folder, 'changes.json'), JSON.stringify(changes));

  const files = ['-f', join(ROOT, 'docker-compose.yml'), '-f', join(folder, 'changes.json')];
  const project = ['compose', '-p', `onboard-app-${process.pid}`, '--project-directory', folder, ...files];
  const run = promisify(execFile);
  async function runCompose(parameters: string[], text = ''): Promise<string> {
    const options = { env: { ...process.env, HTTP_PORT: '0' }, maxBuffer: 64 * 1024 * 1024 };
    const running = run('docker', [...project, '--profile', 'app', ...parameters], options);
    running.child.stdin?.end(text);
    return (await running).stdout;
  }
  const compose = (...parameters: string[]) => runCompose(parameters);
  const command = (parameters: string[], text?: string) =>
    runCompose(['run', '--rm', '-T', 'onboard', ...parameters], text);

  async function statesOf(service: string): Promise<ContainerState[]> {
    const ids = (await compose('ps', '-aq', service)).split('\n').filter(Boolean);
    const { stdout } = await run('docker', ['inspect', ...ids]);
    return (JSON.parse(stdout) as Inspected[]).map(({ Id: id, State: { Status, ExitCode, Health } }) => ({
      ...{ id, status: Status, exitCode: ExitCode, health: Health?.Status },
    }));
  }

  return {
    simulator,
    compose,
    command,
    statesOf,
    async import(first, last) {
      const rows = Array.from({ length: last - first + 1 }, (_, index) => makeCustomer(first + index));
      const name = `${first}-${last}.csv`;
      await writeInput({ folder: input, agreements: join(input, 'agreements') }, rows, name);
      return (await command(['import', `/input/${name}`, '--agreements', '/input/agreements'])).trim();
    },
    async stop() {
      await compose('--profile', 'command', 'down', '-v', '-t', '0');
      for (const { close } of opened) close();
      await simulator.stop();
      await rm(folder, { recursive: true });
    },
  };
}

interface Inspected {
  Id: string;
  State: { Status: string; ExitCode: number; Health?: { Status: string } };
}

function changesOf(forward: string, input: string) {
  const directed = {
    environment: { NODE_OPTIONS: '--import=/forward-ports.mjs', FORWARD: forward },
    extra_hosts: ['host.docker.internal:host-gateway'],
    volumes: [`${FORWARD}:/forward-ports.mjs:ro`],
  };
  const checked = { ...directed, healthcheck: { interval: '1s' } };
  const onboard = { ...directed, volumes: [...directed.volumes, `${input}:/input:ro`] };
  return { services: { worker: checked, serve: checked, onboard } };
}

/** Opens a way for containers, and for nobody else, to a port of this machine's loopback. */
async function openWay(from: number) {
  const format = '{{(index .IPAM.Config 0).Gateway}}';
  const gateway = docker(['network', 'inspect', 'bridge', '--format', format]).stdout.trim();
  const way = createServer((client) => {
    const server = tcpConnect(from, '127.0.0.1');
    for (const socket of [client, server])
      socket
        .on('error', () => socket.destroy())
        .on('close', () => void [client, server].map((s) => s.destroy()));
    client.pipe(server).pipe(client);
  });
  way.listen(0, gateway);
  await once(way, 'listening');
  return { from, to: (way.address() as AddressInfo).port, close: () => void way.close() };
}
