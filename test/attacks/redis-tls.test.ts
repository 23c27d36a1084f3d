/** Clusters and Sentinels with TLS, passwords, and certificates that are issued for names while nodes have addresses. */
import { readFile } from 'node:fs/promises';
import { Cluster } from 'ioredis';
import { expect, it, onTestFinished } from 'vitest';
import { openRedis } from '../../src/redis/open.ts';
import { freePort } from '../../src/sandbox/local-redis.ts';
import { createAuthority } from '../support/certificates.ts';
import { makeCustomers } from '../support/customers.ts';
import { importRows, runProgram, startWorkerProgram } from '../support/programs.ts';
import {
  askServer,
  startCluster,
  startSentinel,
  startSingleRedis,
  startWatchedRedis,
} from '../support/redis-servers.ts';
import { createWorld } from '../support/world.ts';

const ONCE = { waitsForever: false };
const KEYS = ['a', 'b', 'c', 'd', 'e'];

async function startTlsCluster() {
  const authority = await createAuthority();
  const { cert, key } = await authority.sign('DNS:localhost');
  const ports: number[] = [];
  const cluster = await startCluster(async () => {
    const port = await freePort();
    ports.push(port);
    return [
      ...['--tls-port', String(port), '--tls-cert-file', cert, '--tls-key-file', key],
      ...['--tls-ca-cert-file', authority.ca, '--tls-auth-clients', 'no', '--tls-cluster', 'yes'],
    ];
  });
  await cluster.setPassword('main-secret');
  return { ports, ca: authority.ca, url: `rediss://:main-secret@localhost:${ports[0]}` };
}

it('one node of a TLS cluster is enough: a worker works on all of it', async () => {
  const { url, ca } = await startTlsCluster();
  const redis = await openRedis({ url, tls: { ca: await readFile(ca, 'utf8') } }, ONCE);
  onTestFinished(() => redis.disconnect());
  expect(redis).toBeInstanceOf(Cluster);
  for (const key of KEYS) expect(await redis.set(key, '1')).toBe('OK');
  const world = await createWorld({
    environment: { REDIS_URL: url, REDIS_CA: ca, ONBOARD_DURABILITY: 'durable' },
  });
  await startWorkerProgram(world);
  const batch = await importRows(world, makeCustomers(3));
  const { code } = await runProgram(world, ['status', batch, '--watch']);
  expect(code).toBe(0);
  expect(world.simulator.state.record.accepted).toHaveLength(3);
  const { stdout } = await runProgram(world, ['doctor']);
  expect(stdout).toMatch(/ok +Redis: cluster +3 masters/);
  expect(stdout).toMatch(/ok +Redis: rights/);
  expect(stdout).not.toContain('secret');
});

it('a TLS cluster whose authority is unknown, or is asked under an address, is refused in one line', async () => {
  const { url, ca, ports } = await startTlsCluster();
  await expect(openRedis({ url }, ONCE)).rejects.toThrow(/certificate is not trusted/);
  const several = ports.map((port) => `rediss://:main-secret@127.0.0.1:${port}`).join(',');
  const tls = { ca: await readFile(ca, 'utf8') };
  await expect(openRedis({ url: several, tls }, ONCE)).rejects.toThrow(/issued for another name/);
  const wrong = url.replace('main-secret', 'wrong-secret');
  await expect(openRedis({ url: wrong, tls }, ONCE)).rejects.toThrow(/wrong user or password/);
});

it('one node of a cluster is followed without TLS too, and has one database', async () => {
  const { url } = await startCluster();
  const [first = ''] = url.split(',');
  const redis = await openRedis({ url: first }, ONCE);
  onTestFinished(() => redis.disconnect());
  for (const key of KEYS) expect(await redis.set(key, '1')).toBe('OK');
  await expect(openRedis({ url: `${first}/1` }, ONCE)).rejects.toThrow(/no database of this number/);
});

it('Sentinels and their master are reached by TLS, each with its password', async () => {
  const authority = await createAuthority();
  const { cert, key } = await authority.sign('DNS:localhost', 'IP:127.0.0.1');
  const [sentinelPort, masterPort] = [await freePort(), await freePort()];
  const tlsLines = (port: number) => [
    `tls-port ${port}`,
    `tls-cert-file ${cert}`,
    `tls-key-file ${key}`,
    `tls-ca-cert-file ${authority.ca}`,
    'tls-auth-clients no',
    'tls-replication yes',
  ];
  const flags = tlsLines(masterPort).flatMap((line) => `--${line}`.split(' '));
  const { server } = await startSingleRedis(flags);
  await askServer(server.port, 'CONFIG', 'SET', 'requirepass', 'main-secret');
  await startSentinel([
    ...tlsLines(sentinelPort),
    `sentinel monitor onboard-main 127.0.0.1 ${masterPort} 1`,
    'sentinel auth-pass onboard-main main-secret',
    'requirepass watch-secret',
  ]);
  const url = `rediss-sentinel://:main-secret@localhost:${sentinelPort}/onboard-main?sentinelPassword=watch-secret`;
  const tls = { ca: await readFile(authority.ca, 'utf8') };
  const redis = await openRedis({ url, tls }, ONCE);
  onTestFinished(() => redis.disconnect());
  expect(await redis.set('a', '1')).toBe('OK');
  const wrong = url.replace('watch-secret', 'wrong-secret');
  await expect(openRedis({ url: wrong, tls }, ONCE)).rejects.toThrow(/wrong user or password/);
  await expect(openRedis({ url }, ONCE)).rejects.toThrow(/certificate is not trusted/);
});

it('a Sentinel that is taken for a Redis, and a Redis without TLS, are told as that', async () => {
  const { url: watched } = await startWatchedRedis();
  const sentinel = watched.replace('redis-sentinel:', 'redis:').replace('/onboard-main', '');
  await expect(openRedis({ url: sentinel }, ONCE)).rejects.toThrow(/^A Sentinel answers at/);
  const { url } = await startSingleRedis();
  await expect(openRedis({ url: url.replace('redis:', 'rediss:') }, ONCE)).rejects.toThrow(
    /no TLS in time, so it has none or is silent/,
  );
});
