/** Whom a ledger is about: recorded once, changed only by a person. */
import { Worker } from 'bullmq';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { type AdoptOrder, adoptAccount } from '../../src/batch/adopt.ts';
import { readLastAdoption } from '../../src/ledger/adopt-peer.ts';
import { readPeer } from '../../src/ledger/peer-record.ts';
import { createLogger } from '../../src/logger.ts';
import { enterLedgers } from '../../src/onboarding/enter-ledger.ts';
import { openLedger } from '../../src/onboarding/open-ledger.ts';
import type { Settings } from '../../src/onboarding/settings.ts';
import { releaseKeys } from '../../src/pace/register-key.ts';
import { accountKeys, formerKeys, ledgerNameOf, prefixOf } from '../../src/redis/keys.ts';
import { makeCustomers } from '../support/customers.ts';
import { accountOf, openInstallation, orderOf, withAccounts } from '../support/installation.ts';
import { uniqueName } from '../support/redis.ts';
import { runWorkers } from '../support/workers.ts';
import { createWorld, type World } from '../support/world.ts';

const logger = createLogger('silent');

/** As a worker or an import that begins, for the account at this place of the settings. */
const enter = ({ redis, environment }: World, settings: Settings, index = 0) =>
  enterLedgers({ redis, settings, environment, logger }, [accountOf(settings, index)]);

const adopt = ({ redis }: World, settings: Settings, order: Omit<AdoptOrder, 'by'> = {}) =>
  adoptAccount(openLedger({ account: accountOf(settings), settings, redis, logger }), {
    by: 'ann',
    ...order,
  });

/** The account of the world as a real one at another host. */
const realAt = (world: World, host: string) =>
  withAccounts(world, { endpoint: `https://${host}`, peer: 'real' });

describe('another host than the recorded one', () => {
  it('is refused, naming both, until it is adopted as another door or as a new peer', async () => {
    const world = await createWorld();
    const [first, door, other] = ['a.example', 'b.example', 'c.example'].map((host) => realAt(world, host));
    if (!first || !door || !other) throw new Error('three hosts');
    const { ledger } = accountOf(first);
    await enter(world, first);
    await enter(world, first);
    await expect(enter(world, door)).rejects.toMatchObject({
      code: 'PEER_MISMATCH',
      class: 'usage',
      message: expect.stringMatching(/b\.example.*a\.example/),
    });
    expect(await readPeer(world.redis, ledger)).toMatchObject({ hosts: ['a.example'], generation: 1 });

    const same = await adopt(world, door, { samePeer: true });
    expect(same).toEqual({ peer: 'real', hosts: ['a.example', 'b.example'], generation: 1 });
    await enter(world, door);
    await enter(world, first);

    const adopted = await adopt(world, other);
    expect(adopted).toEqual({ peer: 'real', hosts: ['c.example'], generation: 2 });
    await enter(world, other);
    await expect(enter(world, first)).rejects.toMatchObject({ code: 'PEER_MISMATCH' });
    expect(await readLastAdoption(world.redis, ledger)).toMatchObject({
      by: 'ann',
      how: 'new',
      generation: 2,
    });
    // Where the scripts of the ledger find it.
    expect(await world.redis.hget(accountKeys(ledger).peer, 'generation')).toBe('2');
  });

  it('is what doctor finds, and then it makes no call', async () => {
    const world = await createWorld();
    await world.redis.hset(accountKeys(world.account.ledger).peer, {
      ...{ kind: 'rehearsal', hosts: 'elsewhere.example', generation: 1, schema: 2, instance: '' },
    });
    const bad = [];
    for await (const finding of openInstallation(world, world.settings).doctor())
      if (finding.what.startsWith(world.account.name) && !finding.isOk) bad.push(finding);
    expect(bad).toMatchObject([
      { what: `${world.account.name}: peer`, hint: expect.stringContaining('adopt') },
    ]);
    expect(world.simulator.state.record.count('authorize')).toBe(0);
  });

  it.runIf(inject('isRealRedis'))('cannot be adopted while workers run', async () => {
    const world = await createWorld();
    const workers = await runWorkers(world);
    await expect(adopt(world, world.settings)).rejects.toMatchObject({ code: 'WORKERS_RUNNING' });
    await workers.stop();
    expect(await adopt(world, world.settings)).toMatchObject({ generation: 2 });
  });
});

describe('data of version 0.1', () => {
  const leave = (world: World) => world.redis.hset(formerKeys(world.account.name).customers, 'C1', 'x');

  it.each([['rehearsal'], ['real']] as const)(
    'stops imports and workers of a %s until adopted',
    async (peer) => {
      const world = await createWorld({ environment: { CHATAPP_PEER: peer } });
      await leave(world);
      const onboarding = openInstallation(world, world.settings);
      const needed = {
        code: 'ADOPTION_NEEDED',
        hint: expect.stringContaining(`adopt ${world.account.name} --as`),
      };
      await expect(onboarding.import(await orderOf(world, makeCustomers(1)))).rejects.toMatchObject(needed);
      await expect(onboarding.startWorkers()).rejects.toMatchObject(needed);
      await expect(onboarding.resumeAccount({ by: 'ann' })).rejects.toMatchObject(needed);
      await expect(adopt(world, world.settings)).rejects.toMatchObject(needed);
      await expect(adopt(world, world.settings, { as: 'real', samePeer: true })).rejects.toMatchObject({
        code: 'USAGE',
      });
      expect(await readPeer(world.redis, world.account.ledger)).toBeUndefined();
    },
  );

  it('is not imagined where there is none', async () => {
    const world = await createWorld();
    await expect(adopt(world, world.settings, { as: 'real' })).rejects.toMatchObject({ code: 'USAGE' });
  });

  it.runIf(inject('isRealRedis'))('has no workers left when new ones start', async () => {
    const world = await createWorld();
    const prefix = prefixOf(ledgerNameOf('real', world.account.name));
    const connection = world.redis;
    const old = new Worker(`upload.${world.account.name}`, async () => undefined, { connection, prefix });
    onTestFinished(() => old.close());
    await old.waitUntilReady();
    const onboarding = openInstallation(world, world.settings);
    await expect(onboarding.startWorkers()).rejects.toMatchObject({
      code: 'WORKERS_RUNNING',
      message: expect.stringContaining(world.account.name),
    });
    await old.close();
    await expect
      .poll(() =>
        onboarding.startWorkers().then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
  });
});

it('refuses a ledger of a newer schema, even to look at it', async () => {
  const world = await createWorld();
  await enter(world, world.settings);
  await world.redis.hset(accountKeys(world.account.ledger).peer, 'schema', 3);
  const onboarding = openInstallation(world, world.settings);
  const newer = { code: 'SCHEMA_NEWER', class: 'usage', message: expect.stringContaining('schema 3') };
  await expect(onboarding.startWorkers()).rejects.toMatchObject(newer);
  await expect(onboarding.batches({ limit: 1 })).rejects.toMatchObject(newer);
  await expect(onboarding.pauseAccount({ by: 'ann' })).rejects.toMatchObject(newer);
});

describe('an access key', () => {
  /** Keys in the environment by the names of their variables. */
  async function createWorldWithKeys() {
    const keys = Object.fromEntries(['K1', 'K2', 'K3'].map((name) => [name, uniqueName(name)]));
    const world = await createWorld({ environment: { ...keys, SECRET: 'x' } });
    const [a, b] = [`${world.account.name}-a`, `${world.account.name}-b`];
    const having = (name: string, accessKeyId: string) => ({
      name,
      credentials: { type: 'env' as const, accessKeyId, accessKeySecret: 'SECRET' },
    });
    return { world, a, b, having };
  }

  it('cannot have two names', async () => {
    const { world, a, b, having } = await createWorldWithKeys();
    const settings = withAccounts(world, having(a, 'K1'), having(b, 'K1'));
    const shared = {
      code: 'ACCESS_KEY_SHARED',
      class: 'usage',
      message: expect.stringMatching(`${b} and ${a} `),
    };
    await expect(openInstallation(world, settings).startWorkers()).rejects.toMatchObject(shared);
    await enter(world, settings, 0);
    await expect(enter(world, withAccounts(world, having(b, 'K1')))).rejects.toMatchObject(shared);
  });

  it('is free again when its name has another, and two may swap theirs', async () => {
    const { world, a, b, having } = await createWorldWithKeys();
    const before = withAccounts(world, having(a, 'K1'), having(b, 'K2'));
    await enter(world, before, 0);
    await enter(world, before, 1);
    const swapped = withAccounts(world, having(a, 'K2'), having(b, 'K1'));
    await enter(world, swapped, 0);
    await enter(world, swapped, 1);
    await enter(world, withAccounts(world, having(a, 'K3')));
    await enter(world, withAccounts(world, having(`${a}-next`, 'K2')));
  });

  it('is released by a person when its name is gone', async () => {
    const { world, a, b, having } = await createWorldWithKeys();
    await enter(world, withAccounts(world, having(a, 'K1')));
    await openInstallation(world, world.settings).releaseKeys({ account: a, by: 'ann' });
    await enter(world, withAccounts(world, having(b, 'K1')));
    await releaseKeys(world.redis, ledgerNameOf('rehearsal', b));
  });

  it('that is temporary is not compared', async () => {
    const { world, a, b, having } = await createWorldWithKeys();
    const withToken = (name: string) => {
      const { credentials } = having(name, 'K1');
      return { name, credentials: { ...credentials, securityToken: 'SECRET' } };
    };
    await enter(world, withAccounts(world, withToken(a)));
    await enter(world, withAccounts(world, withToken(b)));
  });
});
