/** The store in a directory: damage is found and mended, and places are told. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, onTestFinished, vi } from 'vitest';
import { claimStore } from '../../src/agreement/identity.ts';
import { createDirectoryStore, pathInStore, sha256Of } from '../../src/agreement/store.ts';
import { readEnvironment } from '../../src/onboarding/configuration.ts';
import { NotedSubmits } from '../../workers/noted-submits.ts';
import { readAgreement } from '../../workers/read-agreement.ts';
import { SeqWatch } from '../../workers/seq-watch.ts';
import type { StepRun } from '../../workers/step.ts';
import { createWorld } from '../support/world.ts';

const CONTENT = Buffer.from('%PDF-1.4 signed');
const SHA256 = sha256Of(CONTENT);
afterEach(() => vi.unstubAllEnvs());

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'onboard-store-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

it('replaces a file of the same length that is damaged', async () => {
  const folder = await makeFolder();
  const store = createDirectoryStore(folder);
  await store.put(SHA256, CONTENT);
  const path = join(folder, pathInStore(SHA256));
  await writeFile(path, Buffer.from(CONTENT).fill('x', 9));
  await expect(store.get(SHA256)).rejects.toMatchObject({
    code: 'AGREEMENT_LOST',
    message: expect.stringContaining(`has changed in the store ${folder} on `),
  });
  await store.put(SHA256, CONTENT);
  expect(await store.get(SHA256)).toEqual(CONTENT);
});

it('names the store that cannot be written', async () => {
  const folder = await makeFolder();
  await writeFile(join(folder, SHA256.slice(0, 2)), 'a file where a folder must be');
  await expect(createDirectoryStore(folder).put(SHA256, CONTENT)).rejects.toMatchObject({
    code: 'STORE_UNREACHABLE',
    message: expect.stringMatching(
      /^\/.*onboard-store-.* cannot be written: (a file with that name exists|part of its path is not a folder)\.$/,
    ),
  });
});

it('a worker with a copy of the store that lacks an agreement names both places', async () => {
  const world = await createWorld();
  const [first, copy] = [await makeFolder(), await makeFolder()];
  const { account, redis } = world.open;
  const original = createDirectoryStore(first);
  await claimStore({ redis, account: account.ledger }, original);
  await writeFile(join(copy, 'store-id'), await readFile(join(first, 'store-id')));
  const store = createDirectoryStore(copy);
  const noted = new NotedSubmits({ ...world.open, store, seqWatch: new SeqWatch() });
  onTestFinished(() => noted.stop());
  const run = { account: { ...world.open, store, noted } } as unknown as StepRun;
  const { message } = (await readAgreement(run, SHA256).catch((error: unknown) => error)) as Error;
  expect(message).toContain(`is not in the store ${copy} on `);
  expect(message).toContain(`began to keep its agreements in ${first} on `);
});

it.each([
  ['AGREEMENT_STORE=kept', 'kept'],
  ['LOG_LEVEL=info', 'var/agreements'],
  ['AGREEMENT_STORE=/srv/kept', '/srv/kept'],
  ['AGREEMENT_STORE=oss://bucket/prefix', 'oss://bucket/prefix'],
])('a file that says %s means a store beside it, wherever the command is started', async (line, place) => {
  const folder = join(await makeFolder(), 'etc');
  await mkdir(folder);
  await writeFile(join(folder, 'onboard.env'), `${line}\n`);
  for (const name of ['AGREEMENT_STORE', 'LOG_LEVEL']) {
    vi.stubEnv(name, '');
    delete process.env[name];
  }
  vi.stubEnv('ONBOARD_ENV_FILE', join(folder, 'onboard.env'));
  const found = readEnvironment().AGREEMENT_STORE;
  expect(found).toBe(/^(\/|oss:)/.test(place) ? place : join(folder, place));
});

it('a file that is named and not there is an error', () => {
  vi.stubEnv('ONBOARD_ENV_FILE', '/nowhere/onboard.env');
  expect(readEnvironment).toThrow('/nowhere/onboard.env cannot be read (ENOENT).');
});
