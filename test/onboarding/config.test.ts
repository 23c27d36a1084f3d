import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AppError } from '../../src/errors.ts';
import { accountsOf } from '../../src/onboarding/accounts.ts';
import { readSettings } from '../../src/onboarding/config.ts';
import { parseSettings } from '../../src/onboarding/settings.ts';
import { VARIABLES } from '../../src/onboarding/variables.ts';

it('has the documented defaults when nothing is set', () => {
  expect(readSettings({})).toMatchObject({
    redisUrl: 'redis://127.0.0.1:6379',
    accounts: [{ name: 'default' }],
    chatApp: { endpoint: 'https://cams.ap-southeast-1.aliyuncs.com', ratePerSecond: 5 },
    http: { host: '127.0.0.1', allowsBoardWrites: false },
  });
});

it.each([
  ['9464', { host: '127.0.0.1', port: 9464 }],
  ['0', { host: '127.0.0.1', port: 0 }],
  ['10.0.0.5:9464', { host: '10.0.0.5', port: 9464 }],
  ['[::1]:9464', { host: '::1', port: 9464 }],
  ['monitoring.internal:1', { host: 'monitoring.internal', port: 1 }],
])('takes %s as the port of a worker', (text, place) => {
  expect(readSettings({ ONBOARD_WORKER_PORT: text }).workers.probes).toEqual(place);
});

it.each(['http', '70000', ':9464', '10.0.0.5:', 'http://10.0.0.5:9464', '-1', '1.5'])(
  'refuses %s as the port of a worker',
  (text) => {
    const read = () => readSettings({ ONBOARD_WORKER_PORT: text });
    expect(read).toThrow('ONBOARD_WORKER_PORT');
  },
);

it('counts empty values as unset', () => {
  expect(readSettings({ CHATAPP_RATE_PER_SECOND: '', REDIS_URL: '' }).chatApp.ratePerSecond).toBe(5);
});

it('names every bad value and shows none', () => {
  const bad = {
    CHATAPP_RATE_PER_SECOND: 'five',
    HTTP_PORT: '70000',
    REDIS_URL: 'http://secret-host',
    ONBOARD_SESSION_KEY: 'short',
  };
  const error = catchError(() => readSettings(bad));
  expect(error.code).toBe('CONFIG_INVALID');
  for (const key of Object.keys(bad)) expect(error.message).toContain(key);
  expect(error.message).not.toMatch(/secret-host|short'/);
});

it.each([
  ['HTTP_PORT', '70000', '0 to 65535'],
  ['CHATAPP_RATE_PER_SECOND', '0', '1 to 1000'],
  ['CHATAPP_TIMEOUT_MS', '5', '100 to 120000'],
])('says between which numbers %s has to be', (name, value, range) => {
  const { message } = catchError(() => readSettings({ [name]: value }));
  expect(message).toContain(`${name}: must be from ${range}`);
});

it.each(['foo', 'foo://', 'http://', ':', '[', '%', '{', '{}', '-1', ' '])(
  'tells a variable that is %j from a fault of its own',
  (junk) => {
    for (const name of Object.keys(VARIABLES))
      try {
        readSettings({ [name]: junk });
      } catch (error) {
        expect(error, name).toMatchObject({ code: 'CONFIG_INVALID' });
      }
  },
);

it('names every one of 14 bad values', () => {
  const bad = {
    REDIS_URL: 'http://127.0.0.1',
    CHATAPP_ENDPOINT: 'ftp://127.0.0.1',
    CHATAPP_REGION: 'Not A Region',
    CHATAPP_RATE_PER_SECOND: 'five',
    CHATAPP_TIMEOUT_MS: '-1',
    CHATAPP_ISV_TERMS_VALUE: 'x',
    OSS_SIGNATURE: 'v9',
    OSS_TIMEOUT_MS: 'x',
    ONBOARD_PACE_GUARD_MS: 'x',
    ONBOARD_CONCURRENCY: 'x',
    ONBOARD_LOCK_SECONDS: 'x',
    ONBOARD_DEADLINE_HOURS: 'x',
    ONBOARD_RETENTION_DAYS: 'x',
    HTTP_PORT: '70000',
  };
  const { message } = catchError(() => readSettings(bad));
  for (const key of Object.keys(bad)) expect(message).toContain(key);
});

it.each([
  'http://cams.example.com',
  'https://user@cams.aliyuncs.com',
  'https://cams.aliyuncs.com/path',
  'ftp://127.0.0.1',
])('refuses the endpoint %s', (endpoint) => {
  expect(catchError(() => readSettings({ CHATAPP_ENDPOINT: endpoint })).message).toContain(
    'CHATAPP_ENDPOINT',
  );
});

it('holds the endpoint of an account to the same rules', () => {
  const credentials = { type: 'file' as const, path: 'key.json' };
  const parse = (endpoint: string) => parseSettings({ accounts: [{ name: 'a', credentials, endpoint }] });
  for (const endpoint of [
    'http://cams.aliyuncs.com',
    'https://u@cams.aliyuncs.com',
    'https://cams.aliyuncs.com/x',
    'cams.aliyuncs.com',
  ])
    expect(() => parse(endpoint), endpoint).toThrow(/accounts\.0\.endpoint/);
  expect(parse('https://CAMS.aliyuncs.com/').accounts[0]?.endpoint).toBe('https://cams.aliyuncs.com');
});

it.each([
  ['HTTPS_PROXY', 'socks5://proxy:1080'],
  ['HTTPS_PROXY', 'http://proxy:3128/path'],
  ['OSS_ENDPOINT_ALLOW', '*'],
  ['OSS_ENDPOINT_ALLOW', '.com'],
  ['REDIS_URL', 'redis://:secret@a/x'],
  ['REDIS_CA', '/dev/null'],
  ['REDIS_CA', '/nowhere/ca.pem'],
])('refuses %s=%s', (name, value) => {
  const { message } = catchError(() => readSettings({ [name]: value }));
  expect(message).toContain(`${name}: `);
  expect(message).not.toContain('secret');
});

it('reads the proxy under both names, with and without its scheme', () => {
  const proxyOf = (environment: Record<string, string>) => readSettings(environment).proxy;
  expect(proxyOf({ HTTPS_PROXY: 'http://u:p@proxy:3128', NO_PROXY: 'a.com, .b.com c:1' })).toEqual({
    url: 'http://u:p@proxy:3128',
    bypass: ['a.com', '.b.com', 'c:1'],
  });
  expect(proxyOf({ https_proxy: 'proxy:3128', no_proxy: '*' })).toEqual({
    url: 'http://proxy:3128',
    bypass: ['*'],
  });
});

it('finds the key of an account from the folder of the accounts, wherever a command is started', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'onboard-accounts-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'accounts.json');
  const pathOf = async (key: string) => {
    await writeFile(path, JSON.stringify([{ name: 'a', credentials: { type: 'file', path: key } }]));
    return readSettings({ ONBOARD_ACCOUNTS: relative(process.cwd(), path) }).accounts[0]?.credentials;
  };
  expect(await pathOf('keys/a.json')).toEqual({ type: 'file', path: join(folder, 'keys/a.json') });
  expect(await pathOf('/run/a.json')).toEqual({ type: 'file', path: '/run/a.json' });
});

it('reads a file of accounts that begins with the mark of its editor', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'onboard-accounts-'));
  const path = join(folder, 'accounts.json');
  const account = { name: 'a', credentials: { type: 'ecs_ram_role' } };
  await writeFile(path, `\uFEFF${JSON.stringify([account])}`);
  expect(readSettings({ ONBOARD_ACCOUNTS: path }).accounts).toEqual([account]);
  await rm(folder, { recursive: true });
});

describe('what the peer is', () => {
  const peerOf = (environment: Record<string, string>) => accountsOf(readSettings(environment))[0]?.peer;

  it.each([
    [{}, 'real'],
    [{ CHATAPP_ENDPOINT: 'https://cams-vpc.cn-hangzhou.aliyuncs.com' }, 'real'],
    [{ CHATAPP_ENDPOINT: 'http://127.0.0.1:4010' }, 'rehearsal'],
    [{ CHATAPP_ENDPOINT: 'http://[::1]:4010' }, 'rehearsal'],
    [{ CHATAPP_ENDPOINT: 'http://127.0.0.1:4010', CHATAPP_PEER: 'real' }, 'real'],
    [{ CHATAPP_ENDPOINT: 'https://proxy.internal', CHATAPP_PEER: 'real' }, 'real'],
    [{ CHATAPP_ENDPOINT: 'https://proxy.internal', CHATAPP_PEER: 'rehearsal' }, 'rehearsal'],
  ])('is told by %j: %s', (environment, peer) => {
    expect(peerOf(environment)).toBe(peer);
  });

  it.each([
    [
      { CHATAPP_ENDPOINT: 'https://proxy.internal' },
      /CHATAPP_PEER: must be real or rehearsal.*proxy\.internal/,
    ],
    [{ CHATAPP_ENDPOINT: 'https://cams.evil-aliyuncs.com' }, /CHATAPP_PEER: must be real or rehearsal/],
    [{ CHATAPP_PEER: 'rehearsal' }, /CHATAPP_PEER: cannot be rehearsal/],
    [{ CHATAPP_PEER: 'both' }, /CHATAPP_PEER: must be real or rehearsal/],
  ])('is not told by %j', (environment, message) => {
    expect(catchError(() => readSettings(environment))).toMatchObject({
      code: 'CONFIG_INVALID',
      class: 'usage',
      message: expect.stringMatching(message),
    });
  });

  it('may be told by each account', () => {
    const account = (name: string, more: object) => ({
      name,
      credentials: { type: 'file' as const, path: 'key.json' },
      ...more,
    });
    const [endpoint, peer] = ['https://proxy.internal', 'real' as const];
    const accounts = [account('a', {}), account('b', { endpoint, peer }), account('c', { endpoint })];
    expect(accountsOf(parseSettings({ accounts: accounts.slice(0, 2) })).map(({ ledger }) => ledger)).toEqual(
      ['onboard:a', 'onboard:b'],
    );
    expect(() => parseSettings({ accounts })).toThrow(/accounts\.2\.peer: must be/);
  });
});

it('has every key of the schema in .env.example', () => {
  const text = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
  for (const key of Object.keys(VARIABLES)) expect(text).toMatch(new RegExp(`^#?${key}=`, 'm'));
});

function catchError(run: () => unknown): AppError {
  try {
    run();
  } catch (error) {
    if (error instanceof AppError) return error;
  }
  throw new Error('no AppError');
}
