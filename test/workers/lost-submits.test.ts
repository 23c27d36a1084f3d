/** A Redis that knows of no submit, and an agreement store that does: the account is held once, until a person has decided. */
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { claimStore } from '../../src/agreement/identity.ts';
import { type AgreementStore, createDirectoryStore } from '../../src/agreement/store.ts';
import { noteSubmits } from '../../src/agreement/submits-note.ts';
import { recover } from '../../src/batch/recover.ts';
import { resumeAccount } from '../../src/batch/resume.ts';
import { accountHolds } from '../../src/onboarding/account-holds.ts';
import { viewAccount } from '../../src/onboarding/account-view.ts';
import { findLost } from '../../src/onboarding/lost-submits.ts';
import { accountKeys, prefixOf } from '../../src/redis/keys.ts';
import { NotedSubmits } from '../../workers/noted-submits.ts';
import { SeqWatch } from '../../workers/seq-watch.ts';
import { createWorld, type World, type WorldOptions } from '../support/world.ts';

const SENT = 7;

const durable: WorldOptions = { environment: { ONBOARD_DURABILITY: 'durable' } };

const storeOf = ({ folder }: World): AgreementStore => createDirectoryStore(join(folder, 'store'));

/** A worker comes, and asks the store. */
async function learn(world: World): Promise<void> {
  const noted = new NotedSubmits({ ...world.open, store: storeOf(world), seqWatch: new SeqWatch() });
  onTestFinished(() => noted.stop());
  await noted.learn();
}

/** The account has sent some, and both places know it. @returns what Redis holds of it */
async function send(world: World, last = SENT): Promise<Record<string, Buffer>> {
  const { redis, account } = world;
  await learn(world);
  await redis.hset(accountKeys(account.ledger).counters, 'seq', last);
  const store = storeOf(world);
  await noteSubmits(store, await claimStore({ redis, account: account.ledger }, store), last);
  const keys = await redis.keys(`${prefixOf(account.ledger)}:*`);
  return Object.fromEntries(
    await Promise.all(keys.map(async (key) => [key, (await redis.dumpBuffer(key)) ?? Buffer.alloc(0)])),
  );
}

/** Another Redis is there: an empty one, or one that holds this. */
async function exchange({ redis, account }: World, content: Record<string, Buffer> = {}): Promise<void> {
  const keys = await redis.keys(`${prefixOf(account.ledger)}:*`);
  if (keys.length > 0) await redis.del(...keys);
  for (const [key, dump] of Object.entries(content)) await redis.restore(key, 0, dump);
}

it('holds the account, and says until when submits were noted', async () => {
  const world = await createWorld(durable);
  const begun = Date.now();
  await send(world);
  await exchange(world);
  await learn(world);
  const held = await world.open.pause.read();
  expect(held).toMatchObject({ why: 'LEDGER_EMPTY', lastAt: expect.any(Number) });
  expect(held?.lastAt).toBeGreaterThan(begun - 1_000);
  await expect(resumeAccount(world.open, { by: 'test' })).rejects.toMatchObject({ code: 'LEDGER_EMPTY' });
});

it('is noticed by the next process, too, if the first died as soon as Redis had a name for the account', async () => {
  const world = await createWorld(durable);
  await send(world);
  await exchange(world);
  await claimStore({ redis: world.redis, account: world.account.ledger }, storeOf(world));
  expect(await world.open.pause.read()).toBeUndefined();
  await learn(world);
  expect(await world.open.pause.read()).toMatchObject({ why: 'LEDGER_EMPTY' });
});

it('is settled for good by one recovery, for two installations that share the store and the name', async () => {
  const world = await createWorld(durable);
  const { open } = world;
  const first = await send(world);
  await exchange(world);
  await learn(world);
  const recovered = await recover(open, { by: 'test', noted: SENT });
  expect(recovered).toEqual({ batches: 0, rows: 0, isPaused: false, lostUntil: expect.any(Number) });
  const second = await send(world, (await open.ledger.readSeq()) + 1);

  await exchange(world, first);
  await send(world, 2 * Date.now());
  await learn(world);
  expect(await open.pause.read()).toBeUndefined();
  await exchange(world, second);
  await learn(world);
  expect(await open.pause.read()).toBeUndefined();

  // Of either of them, it is noticed as before.
  await exchange(world);
  await learn(world);
  expect(await open.pause.read()).toMatchObject({ why: 'LEDGER_EMPTY' });
  await recover(open, { by: 'test', noted: 2 * Date.now() });
  await learn(world);
  expect(await open.pause.read()).toBeUndefined();
});

it.each([
  ['after a worker had held the account', true],
  ['before any worker came', false],
])('is told as long as no recovery has come to its end: the first died, %s', async (_when, isHeld) => {
  const world = await createWorld(durable);
  const { open } = world;
  await send(world);
  await exchange(world);
  if (isHeld) await learn(world);
  const lost = await findLost(open, storeOf(world));
  expect(lost).toMatchObject({ last: SENT });
  await open.pause.beginRecovery('who dies', SENT, isHeld ? undefined : lost?.lastAt);
  await expect(resumeAccount(open, { by: 'test' })).rejects.toMatchObject({ code: 'LEDGER_EMPTY' });
  const { isPaused, pause, breaker, outage } = await viewAccount(open);
  const presence = { now: 0, workers: [], lastSeen: undefined };
  const holds = accountHolds({ presence, isPaused, pause, breaker, outage });
  expect(holds).toContainEqual(expect.objectContaining({ reason: 'ledgerEmpty', lastAt: lost?.lastAt }));
  // Redis knows of a submit by now, so the store is not asked.
  expect(await recover(open, { by: 'test' })).toMatchObject({ lostUntil: lost?.lastAt });
  expect(await open.pause.read()).toBeUndefined();
});

it('holds nothing where the store is used by others that have sent nothing, or was new', async () => {
  const world = await createWorld(durable);
  await learn(world);
  await exchange(world);
  await learn(world);
  expect(await world.open.pause.read()).toBeUndefined();
});

it('holds nothing where the store is from a version that did not note who uses it, and notes it', async () => {
  const world = await createWorld(durable);
  const [store, access] = [storeOf(world), { redis: world.redis, account: world.account.ledger }];
  const known = await claimStore(access, store);
  await noteSubmits(store, known, SENT);
  await world.redis.hset(accountKeys(access.account).counters, 'seq', SENT);
  await learn(world);
  expect(await world.open.pause.read()).toBeUndefined();
  await exchange(world);
  await learn(world);
  expect(await world.open.pause.read()).toMatchObject({ why: 'LEDGER_EMPTY' });
});

it('only logs it where a person has accepted that a crash forgets', async () => {
  const world = await createWorld({ environment: { ONBOARD_DURABILITY: 'relaxed' } });
  await send(world);
  await exchange(world);
  await learn(world);
  expect(await world.open.pause.read()).toBeUndefined();
});

it('holds nothing for what was sent to another simulator', async () => {
  const world = await createWorld(durable);
  await send(world);
  await exchange(world);
  world.simulator.state.reset();
  await learn(world);
  expect(await world.open.pause.read()).toBeUndefined();
});

it('does not take for lost what another process has sent meanwhile', async () => {
  const world = await createWorld(durable);
  const store = storeOf(world);
  await learn(world);
  const read = async (name: string) => {
    if (name.startsWith('submits/')) await send(world);
    return store.notes.read(name);
  };
  expect(await findLost(world.open, { ...store, notes: { ...store.notes, read } })).toBeUndefined();
});
