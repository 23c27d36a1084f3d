/** The list before going live: certificates and versions of real TLS servers, and everything behind a real nginx. */
import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import type { AddressInfo, LookupFunction } from 'node:net';
import { join } from 'node:path';
import { createServer, type TlsOptions } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { CheckFinding } from '../../src/koogallery/check/check-finding.ts';
import { judgeTls } from '../../src/koogallery/check/judge-tls.ts';
import { lookAtTls } from '../../src/koogallery/check/look-at-tls.ts';
import { freePort } from '../../src/sandbox/local-redis.ts';
import { createAuthority, type KeyPair, readPair } from '../support/certificates.ts';
import { levelsOf } from '../support/koogallery/checks.ts';
import { KEY, signGet, signPost } from '../support/koogallery/marketplace.ts';
import { EXAMPLE_HOST, hasNginx, startNginx } from '../support/nginx.ts';
import { openApisForTest } from '../support/open-apis.ts';
import { runProgram, startProgram, startWorkerProgram } from '../support/programs.ts';
import { startReceiver } from '../support/receiver.ts';
import { uniqueName } from '../support/redis.ts';
import { SELLER } from '../support/seller.ts';
import { createWorld, type World } from '../support/world.ts';

const HOST = 'shop.example.com';
const NAMES = ['DNS:*.example.com'];
const run = promisify(execFile);

const toHere: LookupFunction = (_name, { all }, done) => {
  if (all) done(null, [{ address: '127.0.0.1', family: 4 }]);
  else done(null, '127.0.0.1', 4);
};

async function listen(options: TlsOptions): Promise<number> {
  const server = createServer(options, (socket) => void socket.on('error', () => undefined));
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** An authority, and one below it that signs for servers. */
async function makeAuthorities() {
  const root = await createAuthority();
  const below = await root.below();
  const roots = [await readFile(root.ca, 'utf8')];
  const chained = async (pair: KeyPair) => {
    await appendFile(pair.cert, await readFile(below.ca));
    return pair;
  };
  return { root, below, roots, chained };
}

async function judge(options: TlsOptions, more: { roots?: readonly string[]; host?: string } = {}) {
  const target = { host: HOST, port: await listen(options), lookup: toHere, ...more };
  const facts = await lookAtTls(target);
  if ('unreached' in facts) throw new Error(facts.unreached);
  return judgeTls(target.host, facts, Date.now());
}

const textOf = (findings: readonly CheckFinding[], code: string) =>
  findings.find((each) => each.code === code)?.text ?? '';

const GOOD = {
  ...{ tls_versions: 'ok', certificate_chain: 'ok', certificate_host: 'ok', certificate_days: 'ok' },
};

describe('a TLS server', () => {
  it('with a whole chain to a known root is in order; with an authority of its own it is not', async () => {
    const { below, roots, chained } = await makeAuthorities();
    const pair = await readPair(await chained(await below.sign(...NAMES)));
    const findings = await judge(pair, { roots });
    expect(levelsOf(findings)).toEqual(GOOD);
    expect(textOf(findings, 'certificate_chain')).toBe('test server < test intermediate < test authority');
    expect(textOf(findings, 'tls_versions')).toBe('TLS 1.2, TLS 1.3 offered, and nothing older');
    expect(levelsOf(await judge(pair))).toEqual({ ...GOOD, certificate_chain: 'bad' });
  });

  it('that leaves out the intermediate is told apart from one that has expired', async () => {
    const { below, roots, chained } = await makeAuthorities();
    const alone = await judge(await readPair(await below.sign(...NAMES)), { roots });
    expect(levelsOf(alone)).toEqual({ ...GOOD, certificate_chain: 'bad' });
    expect(textOf(alone, 'certificate_chain')).toContain('an intermediate is missing');
    const over = await chained(await below.signFor(-1, ...NAMES));
    expect(levelsOf(await judge(await readPair(over), { roots }))).toEqual({
      ...{ ...GOOD, certificate_days: 'bad' },
    });
  });

  it('that signs for itself, or for another name, is found out', async () => {
    const { root, below, roots, chained } = await makeAuthorities();
    const own = await judge(await readPair({ cert: root.ca, key: join(root.folder, 'ca.key') }));
    expect(levelsOf(own)).toMatchObject({ certificate_chain: 'bad', certificate_host: 'bad' });
    expect(textOf(own, 'certificate_chain')).toContain('is signed by itself');
    const other = await readPair(await chained(await below.sign('DNS:other.example.com')));
    expect(levelsOf(await judge(other, { roots }))).toEqual({ ...GOOD, certificate_host: 'bad' });
  });

  it('is asked for each version: only 1.1, also 1.1, and only 1.3', async () => {
    const { below, roots, chained } = await makeAuthorities();
    const pair = await readPair(await chained(await below.sign(...NAMES)));
    const old = { ...pair, ciphers: 'DEFAULT@SECLEVEL=0' };
    const only = await judge({ ...old, minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1' }, { roots });
    expect(levelsOf(only)).toEqual({ ...GOOD, tls_versions: 'bad' });
    expect(textOf(only, 'tls_versions')).toBe('TLS 1.1 offered: TLS 1.1 must be refused');
    const too = await judge({ ...old, minVersion: 'TLSv1' }, { roots });
    expect(textOf(too, 'tls_versions')).toContain(': TLS 1, TLS 1.1 must be refused');
    const young = await judge({ ...pair, minVersion: 'TLSv1.3' }, { roots });
    expect(levelsOf(young)).toEqual({ ...GOOD, tls_versions: 'note' });
    const http2 = await judge({ ...pair, ALPNProtocols: ['h2', 'http/1.1'] }, { roots });
    expect(levelsOf(http2)).toEqual({ ...GOOD, alpn: 'note' });
  });

  it('that is not there, or that is none, has refused nothing', async () => {
    const target = { host: HOST, port: await freePort(), lookup: toHere };
    expect(await lookAtTls(target)).toEqual({ unreached: 'ECONNREFUSED' });
  });
});

const BASE = '/isv';

/** Receiver and nginx in front, as the documents have them; V2.0 as `shop`, V1.0 as `old`. */
async function startShops() {
  const { below, root, chained } = await makeAuthorities();
  const { origin } = await openApisForTest();
  const webhook = await startReceiver((response) => void response.writeHead(404).end());
  const [world, port] = [await createWorld(), await freePort()];
  const slugs = { v2: uniqueName(), v1: uniqueName() };
  const openApi = { accessKey: { env: 'KOO_AK' }, secretKey: { env: 'KOO_SK' }, host: origin };
  const channel = (slug: string, generation: string) => ({
    ...{ slug, generation, site: 'cn', key: { env: 'KOO_KEY' }, chargingModes: ['period'], openApi },
    frontEndUrl: 'https://app.example.com/{instanceId}',
    provision: { webhook: `${webhook.origin}/tasks`, secret: { env: 'KOO_SECRET' } },
  });
  const file = join(world.folder, 'channels.json');
  await writeFile(file, JSON.stringify([channel(slugs.v2, 'saas-v2'), channel(slugs.v1, 'saas-v1')]));
  const pair = await chained(await below.sign(`DNS:${EXAMPLE_HOST}`));
  const nginx = await startNginx(`http://127.0.0.1:${port}`, pair);
  Object.assign(world.environment, {
    ...{
      ONBOARD_KOOGALLERY: file,
      KOO_KEY: KEY,
      KOO_SECRET: 'w'.repeat(32),
      ONBOARD_SEAL_KEY: 's'.repeat(44),
    },
    ...{ KOO_AK: SELLER.accessKey, KOO_SK: SELLER.secretKey, HTTP_PORT: String(port) },
    ...{ ONBOARD_BASE_PATH: BASE, ONBOARD_PUBLIC_URL: `https://${EXAMPLE_HOST}:${nginx}${BASE}` },
    ...{ NODE_EXTRA_CA_CERTS: root.ca },
    NODE_OPTIONS: `--import=${fileURLToPath(new URL('../support/local-names.mjs', import.meta.url))}`,
  });
  const receiver = startProgram(world, ['koogallery', 'serve']);
  await receiver.says('/koogallery/', 'stdout');
  return { world, slugs, nginx, receiver, ca: root.ca };
}

async function check(world: Pick<World, 'environment'>, ...parameters: string[]) {
  const { code, stdout, stderr } = await runProgram(world, ['koogallery', 'check', '--json', ...parameters]);
  const lines = stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
  const confirmations = lines.filter(({ isToConfirm }) => isToConfirm);
  const findings: CheckFinding[] = lines.filter(({ isToConfirm }) => !isToConfirm);
  return { code, findings, confirmations, text: stdout + stderr };
}

describe.skipIf(!hasNginx)('behind nginx', () => {
  it('all is in order but the authority of the test, once every activity was probed and a worker runs', async () => {
    const { world, slugs, nginx } = await startShops();
    const before = await check(world, slugs.v2);
    expect(before.code).toBe(2);
    expect(levelsOf(before.findings)).toMatchObject({ workers: 'bad', probes_needed: 'bad' });
    const address = `https://${EXAMPLE_HOST}:${nginx}${BASE}/koogallery/${slugs.v2}`;
    const probing = ['--generation', 'saas-v2', '--key-env', 'KOO_KEY', '--repeat', '0'];
    expect((await runProgram(world, ['koogallery', 'probe', address, ...probing])).code).toBe(0);
    await startWorkerProgram(world);
    const { code, findings, confirmations, text } = await check(world, slugs.v2, '--url', address);
    const levels = levelsOf(findings);
    const wrong = Object.entries(levels).filter(([, level]) => level === 'bad');
    expect(wrong).toEqual([['certificate_chain', 'bad']]);
    expect(code).toBe(2);
    expect(levels).toMatchObject({
      ...{ address: 'ok', answers: 'ok', body_sign: 'ok', receiver: 'ok', clock: 'ok', durability: 'ok' },
      ...{
        certificate_host: 'ok',
        workers: 'ok',
        probes_needed: 'ok',
        probes_recent: 'ok',
        probe_days: 'ok',
      },
    });
    expect(confirmations.length).toBeGreaterThan(5);
    for (const each of confirmations) expect(each).not.toHaveProperty('isOk');
    for (const secret of [KEY, SELLER.secretKey, 'wwww', 'ssss']) expect(text).not.toContain(secret);
  });

  it('a receiver with other keys, and one that is away, are told apart', async () => {
    const { world, slugs, receiver } = await startShops();
    const wrong = await check(
      { ...world, environment: { ...world.environment, KOO_KEY: 'k'.repeat(36) } },
      slugs.v1,
    );
    expect(levelsOf(wrong.findings)).toMatchObject({ receiver: 'bad', body_sign: 'bad' });
    expect(textOf(wrong.findings, 'receiver')).toContain('does not believe the key');
    await receiver.kill();
    const away = await check(world, slugs.v1);
    expect(textOf(away.findings, 'answers')).toContain('HTTP status: 502');
    expect(levelsOf(away.findings)).toMatchObject({ answers: 'bad', receiver: 'bad', tls_versions: 'ok' });
  });
});

describe.skipIf(!hasNginx)('Body-Sign behind nginx', () => {
  it('of V1.0 and V2.0 arrives as it was sent, for a reader that is not ours', async () => {
    const { slugs, nginx, ca } = await startShops();
    const ask = async (slug: string, query: string, more: string[] = []) => {
      const place = `${EXAMPLE_HOST}:${nginx}`;
      const way = ['-s', '-i', '--http1.1', '--cacert', ca, '--resolve', `${place}:127.0.0.1`];
      const url = `https://${place}${BASE}/koogallery/${slug}?${query}`;
      return (await run('curl', [...way, ...more, url], { encoding: 'latin1' })).stdout;
    };
    const create = { activity: 'newInstance', orderId: uniqueName(), businessId: 'b' };
    const v2 = signPost({ ...create, orderLineId: 'l' });
    const type = ['-H', 'content-type: application/json;charset=utf8'];
    const v1 = { ...create, customerId: 'c', productId: 'p', skuCode: 's' };
    const answers = [
      await ask(slugs.v2, v2.query, [...type, '--data-binary', v2.payload]),
      await ask(slugs.v2, 'signature=0&timestamp=0&nonce=0', [...type, '--data-binary', '{}']),
      await ask(slugs.v1, signGet(v1, KEY)),
      await ask(slugs.v1, 'activity=newInstance'),
    ];
    const codes = answers.map((answer) => {
      const [head = '', body = ''] = answer.split('\r\n\r\n');
      expect(head).toMatch(/^HTTP\/1\.1 200 /);
      const signature = createHmac('sha256', KEY).update(body, 'latin1').digest('base64');
      expect(head.split('\r\n')).toContain(`Body-Sign: sign_type="HMAC-SHA256", signature= "${signature}"`);
      return (JSON.parse(body) as { resultCode: string }).resultCode;
    });
    expect(codes).toEqual(['000004', '000001', '000000', '000001']);
  });
});
