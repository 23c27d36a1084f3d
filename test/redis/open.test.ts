/** What stands between us and a Redis, each thing in one line that never names the password. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Cluster } from 'ioredis';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { openRedis } from '../../src/redis/open.ts';
import { findRefused } from '../../src/redis/permissions.ts';
import { readServerFacts } from '../../src/redis/server-facts.ts';
import { judgeRedis } from '../../src/redis/suitability.ts';
import { findProgram, freePort } from '../../src/sandbox/local-redis.ts';
import { createAuthority } from '../support/certificates.ts';
import { askServer, startSingleRedis } from '../support/redis-servers.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';

const ONCE = { waitsForever: false };

async function open(url: string, tls = {}) {
  const redis = await openRedis({ url, tls }, ONCE);
  onTestFinished(() => redis.disconnect());
  return redis;
}

/** A server with a password, TLS on a second port, a socket, two users, and CONFIG closed. */
async function startSecured(clients: 'yes' | 'no' = 'no') {
  const authority = await createAuthority();
  const { cert, key } = await authority.sign('DNS:localhost');
  const port = await freePort();
  const socket = join(authority.folder, 'redis.sock');
  const { server } = await startSingleRedis([
    ...['--tls-port', String(port), '--tls-cert-file', cert, '--tls-key-file', key],
    ...['--tls-ca-cert-file', authority.ca, '--tls-auth-clients', clients],
    ...['--unixsocket', socket, '--rename-command', 'CONFIG', ''],
  ]);
  await askServer(server.port, 'ACL', 'SETUSER', 'app', 'on', '>app-secret', '~{onboard*', '+@all', '&*');
  await askServer(
    server.port,
    ...([
      'ACL',
      'SETUSER',
      'few',
      'on',
      '>few-secret',
      '~{onboard:a}*',
      '+@all',
      '-eval',
      '-bzpopmin',
    ] as const),
  );
  await askServer(server.port, 'ACL', 'SETUSER', 'default', 'on', 'resetpass', '>main-secret');
  return {
    plain: `127.0.0.1:${server.port}`,
    tls: port,
    socket,
    ca: await readFile(authority.ca, 'utf8'),
    authority,
  };
}

describe.skipIf(!inject('hasRedisServer'))('a secured server', () => {
  it('lets in who has a user, the authority, or the socket', async () => {
    const { plain, tls, socket, ca } = await startSecured();
    const all = [
      await open(`redis://app:app-secret@${plain}/2`),
      await open(`rediss://:main-secret@localhost:${tls}/2`, { ca }),
      await open(`unix://:main-secret@${socket}?db=2`),
    ];
    for (const [index, redis] of all.entries()) await redis.set(`{onboard:a}:${index}`, '1');
    expect(await all[2]?.dbsize()).toBe(all.length);
  });

  it('refuses everybody else, with the reason', async () => {
    const { plain, tls, ca } = await startSecured();
    const refusals: [url: string, message: string, tls?: object][] = [
      [`redis://:wrong-secret@${plain}`, `Redis at ${plain} refuses: wrong user or password.`],
      [`redis://nobody:app-secret@${plain}`, `Redis at ${plain} refuses: wrong user or password.`],
      [`redis://${plain}`, `Redis at ${plain} refuses: it wants a password.`],
      [`redis://:main-secret@${plain}/99`, `Redis at ${plain} refuses: it has no database of this number.`],
      [`redis://:main-secret@localhost:${tls}`, `Redis does not answer at localhost:${tls}: `],
      [
        `rediss://:main-secret@localhost:${tls}`,
        'refuses: its certificate is not trusted (SELF_SIGNED_CERT_IN_CHAIN',
      ],
      [
        `rediss://:main-secret@127.0.0.1:${tls}`,
        'refuses: its certificate is issued for another name',
        { ca },
      ],
    ];
    for (const [url, message, material] of refusals) {
      const failing = open(url, material);
      await expect(failing, url).rejects.toMatchObject({
        class: 'usage',
        message: expect.stringContaining(message),
      });
      await expect(failing).rejects.not.toThrow(/secret/);
    }
  });

  it('may want a certificate of ours', async () => {
    const { tls, ca, authority } = await startSecured('yes');
    const url = `rediss://:main-secret@localhost:${tls}`;
    await expect(open(url, { ca })).rejects.toThrow('it wants a certificate of ours');
    const pair = await authority.sign('DNS:client');
    const [cert, key] = [await readFile(pair.cert, 'utf8'), await readFile(pair.key, 'utf8')];
    expect(await (await open(url, { ca, cert, key })).ping()).toBe('PONG');
  });

  it('whose CONFIG is closed is judged by INFO, and what it does not tell is unknown', async () => {
    const { plain } = await startSecured();
    const redis = await open(`redis://:main-secret@${plain}`);
    expect(judgeRedis(await readServerFacts(redis))).toMatchObject([
      { isOk: true },
      { what: 'Redis: eviction', isOk: true, text: 'noeviction' },
      { what: 'Redis: persistence', isOk: false, isUnknown: true, text: 'append-only file, fsync unknown' },
    ]);
  });

  it('lets a user do only what it may, which is found out', async () => {
    const { plain } = await startSecured();
    const few = await open(`redis://few:few-secret@${plain}`);
    expect(await findRefused(few, '{onboard:a}')).toEqual(['BZPOPMIN', 'EVAL', 'the keys {onboard}:keys']);
    expect(await findRefused(few, '{onboard:b}')).toContain('the keys {onboard:b}*');
    const app = await open(`redis://app:app-secret@${plain}`);
    expect(await findRefused(app, '{onboard:a}')).toEqual([]);
  });
});

// Valkey has names of its own for some of what Redis says of itself.
it.each(['redis-server', 'valkey-server'].filter((name) => findProgram([name]) !== undefined))(
  'one node of a cluster of %s is enough to follow all of it',
  async (program) => {
    // Alone, it has never heard its own address.
    const settings = ['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1'];
    settings.push('--cluster-port', String(await freePort()));
    const { server, url } = await startSingleRedis(settings, program);
    await askServer(server.port, 'CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
    await expect.poll(() => askServer(server.port, 'CLUSTER', 'INFO')).toContain('cluster_state:ok');
    expect(await open(url)).toBeInstanceOf(Cluster);
  },
);

it('what is no Redis is told as that', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  await expect(open(`redis://127.0.0.1:${port}`)).rejects.toMatchObject({
    code: 'REDIS_UNREACHABLE',
    message: `Redis does not answer at 127.0.0.1:${port}: what answers there is no Redis, or wants TLS.`,
  });
});

it.each([true, false])(
  'a Redis that goes silent once it has let us in is told as that (waits for ever: %s)',
  async (waitsForever) => {
    const proxy = await startTcpProxy(inject('redisUrl'));
    // Asked for by us, after ioredis has found it ready by all of INFO.
    const silenced = proxy.hears('\r\nserver\r\n', () => proxy.silenceAll());
    await expect(openRedis({ url: proxy.url }, { waitsForever })).rejects.toMatchObject({
      code: 'REDIS_UNREACHABLE',
      message: expect.stringContaining('Redis does not answer at 127.0.0.1:'),
    });
    await silenced;
  },
  20_000,
);
