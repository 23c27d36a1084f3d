/** How far submits have come is noted beside the agreements, for the day on which Redis no longer knows it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { claimStore } from '../../src/agreement/identity.ts';
import { type AgreementStore, createDirectoryStore } from '../../src/agreement/store.ts';
import { noteSubmits, readSubmits, readSubmitsOf } from '../../src/agreement/submits-note.ts';
import { accountKeys } from '../../src/redis/keys.ts';
import { connectTestRedis, uniqueName } from '../support/redis.ts';

async function openStore(): Promise<AgreementStore> {
  const folder = await mkdtemp(join(tmpdir(), 'onboard-store-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return createDirectoryStore(folder);
}

async function useStore(noted: number) {
  const [redis, store, account] = [connectTestRedis(), await openStore(), uniqueName()];
  const access = { redis, account };
  const known = await claimStore(access, store);
  await noteSubmits(store, known, noted);
  return { redis, store, access, known };
}

it('keeps the highest number, whatever is noted later', async () => {
  const { store, known } = await useStore(7);
  await noteSubmits(store, known, 5);
  expect(await readSubmits(store, known)).toBe(7);
});

it('says nothing to another installation that shares the store, though its account has the same name', async () => {
  const { redis, store, access } = await useStore(7);
  // Its Redis knows nothing of the first one.
  await redis.del(accountKeys(access.account).store);
  await claimStore(access, store);
  expect(await readSubmitsOf(access, store)).toBe(0);
});
