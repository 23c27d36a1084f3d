/** What is wrong on one machine is said there, and refused where it would cost rows. */
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createDirectoryStore } from '../../src/agreement/store.ts';
import { openPeer } from '../../src/onboarding/open-peer.ts';
import { Machine } from '../../workers/machine.ts';
import { NotedSubmits } from '../../workers/noted-submits.ts';
import { SeqWatch } from '../../workers/seq-watch.ts';
import { makeCustomers, writeInput } from '../support/customers.ts';
import { importRows, runProgram } from '../support/programs.ts';
import { createWorld } from '../support/world.ts';

const FAST = { rate: 50, ourRate: 50 };

it('says why it takes no jobs, and what to do', async () => {
  const world = await createWorld(FAST);
  const { account, settings, environment, open } = world;
  const store = createDirectoryStore(join(world.folder, 'store'));
  const peer = openPeer(account, settings, { ...environment, ALIBABA_CLOUD_ACCESS_KEY_ID: '' });
  const noted = new NotedSubmits({ ...open, store, seqWatch: new SeqWatch() });
  onTestFinished(() => noted.stop());
  const machine = new Machine({ ...open, ...peer, noted });
  expect(machine.describe()).toBe('');
  await machine.start([]);
  machine.stop();
  expect(machine.describe()).toMatch(/^No credentials from the variables .*\. Check on this machine where/);
});

it('is refused an import whose agreements no worker would find', async () => {
  const world = await createWorld(FAST);
  await importRows(world, makeCustomers(1));
  const path = await writeInput(world, makeCustomers(2), 'more.csv');
  const order = ['import', path, '--agreements', world.agreements];
  const { code, stderr } = await runProgram(world, order, {
    AGREEMENT_STORE: join(world.folder, 'elsewhere'),
  });
  expect([code, stderr]).toEqual([2, expect.stringMatching(/store on .*but .*elsewhere.*store-id/s)]);
});
