/** A rehearsal and the real thing on one Redis: neither takes what the other has accepted for its own. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { readPeer } from '../../src/ledger/peer-record.ts';
import { queueName } from '../../src/queue/names.ts';
import { ledgerNameOf } from '../../src/redis/keys.ts';
import { startSimulator } from '../../src/sandbox/simulator/simulator.ts';
import { makeCustomers } from '../support/customers.ts';
import { importAndFollow, openInstallation, orderOf, withAccounts } from '../support/installation.ts';
import { runProgram } from '../support/programs.ts';
import { runWorkers } from '../support/workers.ts';
import { createWorld, type World } from '../support/world.ts';

const FAST = { rate: 30, ourRate: 30 };

/** A second simulator with the same keys. */
async function startAnother({ simulator }: World, options: { namesItself?: boolean; port?: number } = {}) {
  const { accounts, options: own } = simulator.state;
  const another = await startSimulator({
    ...own,
    namesItself: true,
    accounts: [...accounts.values()],
    ...options,
  });
  onTestFinished(another.stop);
  return another;
}

it('sends everything when it goes live on the Redis of the rehearsal', async () => {
  const world = await createWorld(FAST);
  const customers = makeCustomers(3);
  const rehearsal = openInstallation(world, world.settings);
  await rehearsal.startWorkers();
  expect((await importAndFollow(rehearsal, world, customers)).counts.submitted).toBe(3);
  // Importing them again changes nothing, in a rehearsal too.
  expect((await importAndFollow(rehearsal, world, customers)).counts.unchanged).toBe(3);

  const alibaba = await startAnother(world, { namesItself: false });
  const live = openInstallation(world, withAccounts(world, { endpoint: alibaba.endpoint, peer: 'real' }));
  await live.startWorkers();
  expect((await importAndFollow(live, world, customers)).counts.submitted).toBe(3);
  expect(alibaba.state.record.accepted).toHaveLength(3);
  expect(world.simulator.state.record.accepted).toHaveLength(3);
});

it('opens the breaker when a simulator answers what should be real, and records nothing as submitted', async () => {
  const world = await createWorld({ ...FAST, environment: { CHATAPP_PEER: 'real' } });
  const onboarding = openInstallation(world, world.settings);
  await onboarding.startWorkers();
  const { batchId } = await onboarding.import(await orderOf(world, makeCustomers(2)));
  await expect
    .poll(() => world.open.breaker.read())
    .toMatchObject({
      code: 'PEER_IS_SIMULATOR',
      message: expect.stringContaining(world.simulator.state.instance),
    });
  const { counts } = await world.open.ledger.requireBatch(batchId);
  expect(counts).toMatchObject({ submitted: 0, failed: 0 });
  expect(world.simulator.state.record.count('submit')).toBe(0);
});

it('is found by doctor when a simulator answers what should be real', async () => {
  const world = await createWorld({ environment: { CHATAPP_PEER: 'real' } });
  const bad = [];
  for await (const finding of openInstallation(world, world.settings).doctor())
    if (finding.what.startsWith(world.account.name) && !finding.isOk) bad.push(finding);
  expect(bad).toMatchObject([
    { what: `${world.account.name}: endpoint`, text: expect.stringContaining('simulator') },
  ]);
});

describe('a fresh simulator', () => {
  const generationOf = async ({ redis, account }: World) =>
    (await readPeer(redis, account.ledger))?.generation;

  it('starts a fresh generation with the next import', async () => {
    const world = await createWorld();
    const order = await orderOf(world, makeCustomers(1));
    await openInstallation(world, world.settings).import(order);
    await openInstallation(world, world.settings).import(order);
    expect(await generationOf(world)).toBe(1);
    const { endpoint } = await startAnother(world);
    await openInstallation(world, withAccounts(world, { endpoint })).import(order);
    expect(await generationOf(world)).toBe(2);
  });

  it('starts one when it takes the place of another while workers run', async () => {
    const world = await createWorld(FAST);
    await runWorkers(world);
    expect(await generationOf(world)).toBe(1);
    await world.simulator.stop();
    const { state } = await startAnother(world, { port: Number(new URL(world.simulator.endpoint).port) });
    await importAndFollow(openInstallation(world, world.settings), world, makeCustomers(1));
    expect(state.record.accepted).toHaveLength(1);
    await expect.poll(() => generationOf(world)).toBe(2);
  });
});

describe('the command line', () => {
  it('says first that it is a rehearsal, and in JSON what the peer is', async () => {
    const world = await createWorld();
    const { from, agreements } = await orderOf(world, makeCustomers(1));
    const imported = await runProgram(world, ['import', from.path, '--agreements', agreements, '--json']);
    expect(imported.stderr).toMatch(/^rehearsal/);
    expect(JSON.parse(imported.stdout)).toMatchObject({ peer: 'rehearsal' });
    const status = await runProgram(world, ['status', '--json']);
    expect(status.stderr).toMatch(/^rehearsal/);
    expect(JSON.parse(status.stdout)).toMatchObject([{ name: world.account.name, peer: 'rehearsal' }]);
    const adopt = ['account', 'adopt', world.account.name];
    expect(await runProgram(world, adopt)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--yes'),
    });
    const adopted = await runProgram(world, [...adopt, '--yes', '--json']);
    expect(JSON.parse(adopted.stdout)).toMatchObject({ peer: 'rehearsal', generation: 2 });
    await world.redis.hset(`{${world.account.ledger}}:peer`, 'hosts', 'elsewhere.example');
    expect(await runProgram(world, ['worker'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/localhost.*elsewhere\.example/),
    });
  });
});

it.each([
  ['real', 'default', 'uploads.default'],
  ['rehearsal', 'default', 'uploads.rehearsal.default'],
  ['real', 'rehearsal', 'uploads.rehearsal'],
] as const)('names the upload queue of the %s account %s', (kind, account, name) => {
  expect(queueName('upload', ledgerNameOf(kind, account))).toBe(name);
});
