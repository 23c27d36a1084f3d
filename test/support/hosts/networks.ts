/**
 * Hosts of a test, as network namespaces of Linux: each has one cable to the network of Redis and one to that of the peer,
 * and no other way out. Needs root and `ip` (iproute2).
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { findProgram } from '../../../src/sandbox/local-redis.ts';

export const NETWORKS = ['redis', 'peer'] as const;
export type NetworkName = (typeof NETWORKS)[number];

/** Reserved for measurements by RFC 2544: nothing real is ever there. The third number is that of the run. */
const PREFIXES: Record<NetworkName, string> = { redis: '198.18', peer: '198.19' };
/** Services on this machine, which every host reaches: `.1` to `.9`. Hosts are from `.10` on. */
const SERVICES = [1, 2];
const FIRST_HOST = 10;
/** `ip netns exec` puts the files of this folder in the place of those in /etc. */
const FILES = '/etc/netns';
/** Names tell which process made them, so that those of a killed run can be removed: `oh1234r0`, at most 15 characters. */
const NAME = /^(?:\d+: )?oh(\d+)[a-z-]/;

export const IP = findProgram(['ip'], { PATH: `${process.env.PATH}:/usr/sbin:/sbin` });

/** Why there can be no hosts here; empty if there can. */
export function whyNoHosts(): string {
  if (process.platform !== 'linux') return 'needs the network namespaces of Linux';
  if (process.getuid?.() !== 0) return 'only root may make network namespaces';
  if (IP === undefined) return 'needs `ip` (iproute2)';
  try {
    ip('netns', 'list');
    const probe = `oh${process.pid}-probe`;
    ip('netns', 'add', probe);
    ip('netns', 'del', probe);
    return '';
  } catch (error) {
    return `network namespaces cannot be made here: ${(error as Error).message.split('\n').at(-1)}`;
  }
}

function ip(...parameters: string[]): string {
  return execFileSync(IP ?? 'ip', parameters, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

function runLines(lines: readonly string[]): void {
  const input = `${lines.join('\n')}\n`;
  execFileSync(IP ?? 'ip', ['-batch', '-'], { input, stdio: ['pipe', 'pipe', 'pipe'] });
}

export interface NetworkHost {
  /** Of its namespace. */
  name: string;
  /**
   * Pulls a cable in the middle of the way: packets of either direction are lost, and nobody is told. Connections stay
   * open, and new ones are not refused.
   */
  cut(network: NetworkName): void;
  heal(network: NetworkName): void;
}

export interface Networks {
  hosts: NetworkHost[];
  /** @param number of a service, 1 or 2 */
  addressOf(network: NetworkName, number: number): string;
  /** Ends what still runs there. Safe to call twice. */
  remove(): void;
}

/** @param names that hosts resolve: of the peer, by the number of the service */
export function createNetworks(count: number, names: Record<number, readonly string[]>): Networks {
  removeStale();
  const third = freeThird();
  const addressOf = (network: NetworkName, last: number) => `${PREFIXES[network]}.${third}.${last}`;
  const remove = () => removeOf(process.pid);
  process.once('exit', remove);
  runLines(NETWORKS.flatMap((network) => bridgeLines(network, addressOf)));
  const hosts = Array.from({ length: count }, (_, index) => {
    const entries = Object.entries(names).map(
      ([service, all]) => `${addressOf('peer', Number(service))} ${all.join(' ')}\n`,
    );
    return createHost(index, addressOf, `127.0.0.1 localhost\n${entries.join('')}`);
  });
  return { hosts, addressOf, remove };
}

const bridgeOf = (network: NetworkName) => `oh${process.pid}${network[0]}`;
const cableOf = (network: NetworkName, index: number) => `${bridgeOf(network)}${index}`;
/** Fixed, so that who is where never has to be asked over a cable that is cut: that would be answered with "no route". */
const hardwareOf = (network: NetworkName, last: number) =>
  `02:6f:68:00:0${NETWORKS.indexOf(network)}:${last.toString(16).padStart(2, '0')}`;

type AddressOf = Networks['addressOf'];

function bridgeLines(network: NetworkName, addressOf: AddressOf): string[] {
  const bridge = bridgeOf(network);
  return [
    `link add ${bridge} address ${hardwareOf(network, 0)} type bridge`,
    ...SERVICES.map((service) => `address add ${addressOf(network, service)}/24 dev ${bridge}`),
    `link set ${bridge} up`,
  ];
}

function createHost(index: number, addressOf: AddressOf, hostsFile: string): NetworkHost {
  const name = `oh${process.pid}-${index}`;
  ip('netns', 'add', name);
  runLines(NETWORKS.flatMap((network) => outerLines(network, index, addressOf)));
  ip('-n', name, 'link', 'set', 'lo', 'up');
  for (const line of NETWORKS.flatMap((network) => innerLines(network, index, addressOf)))
    ip('-n', name, ...line.split(' '));
  mkdirSync(`${FILES}/${name}`, { recursive: true });
  writeFileSync(`${FILES}/${name}/hosts`, hostsFile);
  return {
    name,
    cut: (network) => void ip('link', 'set', cableOf(network, index), 'nomaster'),
    heal: (network) => void ip('link', 'set', cableOf(network, index), 'master', bridgeOf(network)),
  };
}

function outerLines(network: NetworkName, index: number, addressOf: AddressOf): string[] {
  const [cable, last] = [cableOf(network, index), FIRST_HOST + index];
  const neighbour = `${addressOf(network, last)} lladdr ${hardwareOf(network, last)}`;
  return [
    `link add ${cable} type veth peer name ${network} address ${hardwareOf(network, last)} netns oh${process.pid}-${index}`,
    `link set ${cable} master ${bridgeOf(network)} up`,
    `neighbour replace ${neighbour} dev ${bridgeOf(network)} nud permanent`,
  ];
}

function innerLines(network: NetworkName, index: number, addressOf: AddressOf): string[] {
  const toServices = `lladdr ${hardwareOf(network, 0)} dev ${network} nud permanent`;
  return [
    `address add ${addressOf(network, FIRST_HOST + index)}/24 dev ${network}`,
    `link set ${network} up`,
    ...SERVICES.map((service) => `neighbour replace ${addressOf(network, service)} ${toServices}`),
  ];
}

/** A number under which no interface of this machine has an address yet. */
function freeThird(): number {
  const taken = ip('-o', '-4', 'address');
  const isFree = (third: number) => !taken.includes(` ${PREFIXES.redis}.${third}.`);
  const first = process.pid % 256;
  const found = Array.from({ length: 256 }, (_, index) => (first + index) % 256).find(isFree);
  if (found === undefined) throw new Error('All networks are taken.');
  return found;
}

/** What runs left behind that were killed themselves. */
function removeStale(): void {
  const names = [ip('netns', 'list'), ip('-o', 'link'), listFiles().join('\n')].join('\n').split('\n');
  const pids = names.map((name) => Number(NAME.exec(name)?.[1] ?? 0));
  for (const pid of new Set(pids)) if (pid > 0 && !isAlive(pid)) removeOf(pid);
}

const listFiles = () => {
  try {
    return readdirSync(FILES);
  } catch {
    return [];
  }
};

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** @param owner process that made them */
function removeOf(owner: number): void {
  const isTheirs = (name: string) => Number(NAME.exec(name)?.[1]) === owner;
  for (const line of ip('netns', 'list').split('\n').filter(isTheirs)) {
    const [name = ''] = line.split(' ');
    for (const pid of ip('netns', 'pids', name).split('\n').filter(Boolean)) endProcess(Number(pid));
    // Its ends of the cables go with it, and so do ours.
    ip('netns', 'del', name);
  }
  for (const line of ip('-o', 'link').split('\n').filter(isTheirs)) {
    const name = /^\d+: ([^:@]+)/.exec(line)?.[1] ?? '';
    // A cable goes with its other end, perhaps just now.
    attempt(() => ip('link', 'del', name));
  }
  for (const name of listFiles().filter(isTheirs))
    rmSync(`${FILES}/${name}`, { recursive: true, force: true });
  if (listFiles().length === 0) attempt(() => rmSync(FILES, { recursive: true }));
}

function endProcess(pid: number): void {
  attempt(() => process.kill(pid, 'SIGKILL'));
}

function attempt(action: () => unknown): void {
  try {
    action();
  } catch {
    // It is gone already.
  }
}
