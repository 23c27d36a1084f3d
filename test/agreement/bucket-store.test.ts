import { expect, it, onTestFinished } from 'vitest';
import { parseBucketPlace } from '../../src/agreement/bucket-place.ts';
import { sha256Of } from '../../src/agreement/store.ts';
import { addUser, readUsers } from '../../src/agreement/users-note.ts';
import { readSettings } from '../../src/onboarding/config.ts';
import { openAgreementStore } from '../../src/onboarding/open-store.ts';
import { startSimulator } from '../../src/sandbox/simulator/simulator.ts';
import { SIMULATED_STORE_BUCKET } from '../../src/sandbox/simulator/state.ts';
import { makeCustomers } from '../support/customers.ts';
import { makePdf } from '../support/pdf.ts';
import { importRows, startWorkerProgram } from '../support/programs.ts';
import { waitUntilFinished } from '../support/waiting.ts';
import { createWorld } from '../support/world.ts';

const PDF = makePdf(['kept in a bucket']);
const SHA256 = sha256Of(PDF);

async function openStore(signature: 'v4' | 'v1' = 'v4', more: Record<string, string> = {}) {
  const simulator = await startSimulator();
  onTestFinished(simulator.stop);
  const environment = {
    ...simulator.environment,
    AGREEMENT_STORE: `oss://${SIMULATED_STORE_BUCKET}/isv/signed`,
    AGREEMENT_STORE_ENDPOINT: `http://127.0.0.1:${simulator.state.ossPort}`,
    OSS_SIGNATURE: signature,
    ...more,
  };
  return { simulator, store: await openAgreementStore(readSettings(environment), environment) };
}

it.each([
  ['oss://bucket-1', { bucket: 'bucket-1', prefix: '' }],
  ['oss://bucket-1/', { bucket: 'bucket-1', prefix: '' }],
  ['oss://bucket-1/a/b.c/', { bucket: 'bucket-1', prefix: 'a/b.c' }],
  ['oss://B', undefined],
  ['oss://bucket-1/a//b', undefined],
  ['./var/agreements', undefined],
])('reads the place %s', (text, place) => {
  expect(parseBucketPlace(text)).toEqual(place);
});

it.each(['v4', 'v1'] as const)(
  'gives back an agreement that it kept with signature %s',
  async (signature) => {
    const { simulator, store } = await openStore(signature);
    await store.check();
    await expect(store.get(SHA256)).rejects.toMatchObject({ code: 'AGREEMENT_LOST' });
    await Promise.all([store.put(SHA256, PDF), store.put(SHA256, PDF)]);
    expect(await store.get(SHA256)).toEqual(PDF);
    const key = `isv/signed/${SHA256.slice(0, 2)}/${SHA256}.pdf`;
    expect([...simulator.state.kept.keys()]).toEqual(['isv/signed/onboard-doctor', key]);
    simulator.state.kept.set(key, makePdf(['forged']));
    await expect(store.get(SHA256)).rejects.toMatchObject({ code: 'AGREEMENT_LOST' });
    expect(simulator.state.record.badSignatures).toBe(0);
  },
);

it('tells who uses it, whatever an account is called, without the right to list it', async () => {
  const { store } = await openStore();
  const list = () => Promise.reject(new Error('may not be listed'));
  const unlisted = { ...store, notes: { ...store.notes, list } };
  const senders = ['onboard:a', 'onboard:A', 'onboard:../客户 1'];
  for (const sender of senders) {
    expect(await readUsers(unlisted, sender)).toEqual([]);
    for (const user of ['first', 'second', 'first']) await addUser(unlisted, sender, `${user} ${sender}`);
  }
  for (const sender of senders)
    expect(await readUsers(unlisted, sender)).toEqual([`first ${sender}`, `second ${sender}`]);
});

it('reports a bucket that refuses the key with its code and nothing secret', async () => {
  const { store } = await openStore('v4', { ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'wrong-secret' });
  const error = await store.check().catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'STORE_UNREACHABLE', class: 'transient' });
  expect(String(error)).toContain('SignatureDoesNotMatch');
  expect(JSON.stringify(error)).not.toContain('wrong-secret');
});

it('reports a bucket that does not answer as unreachable', async () => {
  const { simulator, store } = await openStore();
  await simulator.stop();
  await expect(store.get(SHA256)).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' });
});

it('submits from a bucket, even after it was away for a while', async () => {
  const other = await startSimulator();
  onTestFinished(other.stop);
  const world = await createWorld({
    rate: 50,
    ourRate: 50,
    environment: {
      AGREEMENT_STORE: `oss://${SIMULATED_STORE_BUCKET}`,
      AGREEMENT_STORE_ENDPOINT: `http://127.0.0.1:${other.state.ossPort}`,
    },
  });
  for (const [id, account] of world.simulator.state.accounts) other.state.accounts.set(id, account);
  const batchId = await importRows(world, makeCustomers(3));
  expect([...other.state.kept.keys()].filter((key) => key.endsWith('.pdf'))).toHaveLength(3);
  const keys = [...other.state.accounts];
  other.state.accounts.clear();
  const worker = await startWorkerProgram(world);
  await worker.says('The bucket of AGREEMENT_STORE: InvalidAccessKeyId');
  for (const [id, account] of keys) other.state.accounts.set(id, account);
  expect((await waitUntilFinished(world, batchId)).counts.submitted).toBe(3);
});
