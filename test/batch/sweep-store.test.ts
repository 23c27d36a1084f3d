/** Agreements that no kept row needs leave the store after a day; everything else stays. */
import { mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { NeededAgreements } from '../../src/agreement/needed.ts';
import {
  type AgreementStore,
  createDirectoryStore,
  pathInStore,
  sha256Of,
} from '../../src/agreement/store.ts';
import { cancel } from '../../src/batch/cancel.ts';
import { sweepStore } from '../../src/batch/sweep-store.ts';
import { openAgreementStore } from '../../src/onboarding/open-store.ts';
import { accountKeys } from '../../src/redis/keys.ts';
import { SIMULATED_STORE_BUCKET } from '../../src/sandbox/simulator/state.ts';
import { makeCustomers } from '../support/customers.ts';
import { makePdf } from '../support/pdf.ts';
import { importRows } from '../support/programs.ts';
import { rowsOf } from '../support/rows.ts';
import { createWorld, type World } from '../support/world.ts';

const LONG_AGO = new Date(Date.now() - 25 * 3_600_000);
const pdfs = ['needed by nobody', 'kept again', 'kept just now'].map((text) => makePdf([text]));
const [unneeded = Buffer.of(), again = Buffer.of(), fresh = Buffer.of()] = pdfs;

async function sweep(world: World, store: AgreementStore): Promise<number | undefined> {
  await world.redis.del(accountKeys(world.account.ledger).storeSwept);
  const { settings, redis } = world;
  return sweepStore({
    settings,
    redis,
    store,
    logger: world.open.logger,
    ending: new AbortController().signal,
  });
}

async function has(store: AgreementStore, sha256: string): Promise<boolean> {
  return store.get(sha256).then(
    () => true,
    () => false,
  );
}

/** Everything in the store becomes a day old, its id included. */
async function age(world: World, store: AgreementStore): Promise<void> {
  const { kept, keptAt } = world.simulator.state;
  for (const key of kept.keys()) keptAt.set(key, LONG_AGO.getTime());
  if (store.description.startsWith('oss:')) return;
  const names = await readdir(store.description, { recursive: true });
  await Promise.all(names.map((name) => utimes(join(store.description, name), LONG_AGO, LONG_AGO)));
}

it.each(['a directory', 'a bucket'])('removes from %s what no row needs', async (kind) => {
  const world = await createWorld();
  if (kind === 'a bucket') {
    const place = `oss://${SIMULATED_STORE_BUCKET}/signed`;
    const endpoint = `http://127.0.0.1:${world.simulator.state.ossPort}`;
    Object.assign(world.settings.agreementStore, { place, endpoint });
    Object.assign(world.environment, { AGREEMENT_STORE: place, AGREEMENT_STORE_ENDPOINT: endpoint });
  }
  const store = await openAgreementStore(world.settings, world.environment);
  const batchId = await importRows(world, makeCustomers(3));
  const needed = (await rowsOf(world, batchId)).map(({ input }) => input.sha256);
  for (const pdf of [unneeded, again]) await store.put(sha256Of(pdf), pdf);
  await age(world, store);
  for (const pdf of [again, fresh]) await store.put(sha256Of(pdf), pdf);
  expect(await sweep(world, store)).toBe(1);
  expect(await has(store, sha256Of(unneeded))).toBe(false);
  for (const sha256 of [...needed, sha256Of(again), sha256Of(fresh)])
    expect(await has(store, sha256)).toBe(true);
  await age(world, store);
  await cancel(world.open, batchId, { by: 'test' });
  expect(await world.open.ledger.purge(batchId, 'test')).toBe('done');
  // Somebody else's account, of which nothing is known here.
  await store.notes.create('used-by/stranger', 'other\n');
  expect(await sweep(world, store)).toBeUndefined();
  expect(await has(store, needed[0] ?? '')).toBe(true);
});

it('removes nothing while the store is young, or is not that of the account', async () => {
  const world = await createWorld();
  const store = await openAgreementStore(world.settings, world.environment);
  await importRows(world, makeCustomers(1));
  await store.put(sha256Of(unneeded), unneeded);
  const path = join(store.description, pathInStore(sha256Of(unneeded)));
  await utimes(path, LONG_AGO, LONG_AGO);
  expect(await sweep(world, store)).toBeUndefined();
  await age(world, store);
  const id = join(store.description, 'store-id');
  await writeFile(id, '7f3b1c52-51a4-4c38-9f3e-0a5b8a1c2d3e');
  expect(await sweep(world, store)).toBeUndefined();
  expect((await stat(path)).isFile()).toBe(true);
});

it('never removes a file that an import finds at the same moment', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'onboard-sweep-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const store = createDirectoryStore(folder);
  const sha256 = sha256Of(again);
  await store.put(sha256, again);
  const since = Date.now() - 3_600_000;
  for (let round = 0; round < 300; round++) {
    await utimes(join(folder, pathInStore(sha256)), LONG_AGO, LONG_AGO);
    await Promise.all([store.remove(sha256, since), store.put(sha256, again), store.remove(sha256, since)]);
    expect(await has(store, sha256)).toBe(true);
  }
});

it('lists a bucket page by page', async () => {
  const world = await createWorld();
  const { kept, ossPort } = world.simulator.state;
  for (let number = 0; number < 1_001; number++) {
    const sha256 = sha256Of(Buffer.from(String(number)));
    kept.set(pathInStore(sha256), unneeded);
  }
  for (const signature of ['v4', 'v1'] as const) {
    const agreementStore = {
      place: `oss://${SIMULATED_STORE_BUCKET}`,
      endpoint: `http://127.0.0.1:${ossPort}`,
    };
    const settings = { ...world.settings, agreementStore, oss: { ...world.settings.oss, signature } };
    const store = await openAgreementStore(settings, world.environment);
    const listed = new Set<string>();
    for await (const { sha256 } of store.list()) listed.add(sha256);
    expect(listed.size).toBe(1_001);
  }
});

it('knows every agreement that is needed, and nearly no other', () => {
  const needed = new NeededAgreements();
  const digests = Array.from({ length: 20_000 }, (_, number) => sha256Of(Buffer.from(String(number))));
  for (const sha256 of digests.slice(0, 10_000)) needed.add(sha256);
  expect(digests.slice(0, 10_000).every((sha256) => needed.mayHave(sha256))).toBe(true);
  expect(digests.slice(10_000).filter((sha256) => needed.mayHave(sha256))).toEqual([]);
});
