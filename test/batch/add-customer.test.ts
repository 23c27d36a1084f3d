import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createDirectoryStore } from '../../src/agreement/store.ts';
import { type AddCustomerOrder, addCustomer } from '../../src/batch/add-customer.ts';
import { cancel } from '../../src/batch/cancel.ts';
import { importBatch } from '../../src/batch/import.ts';
import { pauseBatch } from '../../src/batch/pause.ts';
import { prioritize } from '../../src/batch/prioritize.ts';
import { resume } from '../../src/batch/resume.ts';
import { moveOn } from '../../src/batch/walk-batch.ts';
import { CUSTOMER_FIELDS, type Customer } from '../../src/customer/fields.ts';
import type { RowProblem } from '../../src/customer/validate.ts';
import { type CustomerRow, makeCustomer, writeInput } from '../support/customers.ts';
import { makePdf } from '../support/pdf.ts';
import { uniqueName } from '../support/redis.ts';
import { outcomesOf } from '../support/rows.ts';
import { createWorld, type World } from '../support/world.ts';

const DAY_MS = 86_400_000;

function signUpsOf(world: World, now = () => Date.now()) {
  const importing = { ...world.open, now, store: createDirectoryStore(join(world.folder, 'store')) };
  return (row: CustomerRow, more: Partial<AddCustomerOrder> = {}) =>
    addCustomer(importing, { ...orderOf(row), ...more });
}

function orderOf(row: CustomerRow): AddCustomerOrder {
  const fields = CUSTOMER_FIELDS.map((field) => [field, row[field] ?? '']);
  const { IsvTerms: name = '', CustSpaceId = '' } = row;
  const agreement = { name, content: makePdf(['Agreement', CustSpaceId]) };
  return { customer: Object.fromEntries(fields) as Customer, agreement, by: 'portal' };
}

const jobsOf = ({ open }: World) => open.queues.upload.getPrioritizedCount();

it('adds customers to the stream of their day and source, each as its next row and with a job', async () => {
  const world = await createWorld();
  const add = signUpsOf(world);
  const first = await add(makeCustomer(1));
  expect(await add(makeCustomer(2))).toEqual({ batchId: first.batchId, row: 2 });
  const other = await add(makeCustomer(3), { source: 'shop' });
  expect([other.batchId === first.batchId, other.row]).toEqual([false, 1]);
  const day = new Date().toISOString().slice(0, 10);
  expect(await world.open.ledger.requireBatch(first.batchId)).toMatchObject({
    ...{ kind: 'stream', name: `portal ${day}`, source: 'portal', by: 'portal', state: 'running' },
    ...{ total: 2, lastRow: 2 },
  });
  expect(await jobsOf(world)).toBe(3);
});

it('keeps those apart who name the same source: each stream says truly who added its rows', async () => {
  const world = await createWorld();
  const add = signUpsOf(world);
  const adders = [
    { by: 'portal', source: 'the shop' },
    { by: 'campaign', source: 'the shop' },
    { by: 'portal the', source: 'shop' },
  ];
  const places = [];
  for (const [index, order] of adders.entries()) places.push(await add(makeCustomer(index), order));
  expect(new Set(places.map(({ batchId }) => batchId)).size).toBe(3);
  for (const [index, { batchId }] of places.entries())
    expect(await world.open.ledger.requireBatch(batchId)).toMatchObject({ ...adders[index], total: 1 });
});

it('gives each of many customers a row of its own, whoever asks at the same time', async () => {
  const world = await createWorld();
  const [one, two] = [signUpsOf(world), signUpsOf(world)];
  const places = await Promise.all(
    Array.from({ length: 20 }, (_, index) => (index % 2 ? one : two)(makeCustomer(index))),
  );
  expect(new Set(places.map(({ batchId }) => batchId)).size).toBe(1);
  expect(places.map(({ row }) => row).sort((a, b) => a - b)).toEqual(places.map((_, index) => index + 1));
  expect(await jobsOf(world)).toBe(20);
});

it('refuses what an import would refuse, and adds nothing', async () => {
  const world = await createWorld();
  const add = signUpsOf(world);
  const problems: RowProblem[] = [];
  const onInvalid = (found: readonly RowProblem[]) => problems.push(...found);
  await expect(add(makeCustomer(1, { ContactMail: 'nobody' }), { onInvalid })).rejects.toMatchObject({
    code: 'INPUT_INVALID',
  });
  const content = Buffer.from('hello');
  const agreement = { name: 'a.pdf', content };
  await expect(add(makeCustomer(1), { agreement, onInvalid })).rejects.toMatchObject({
    code: 'INPUT_INVALID',
  });
  expect(problems.map(({ code }) => code)).toEqual(['EMAIL_INVALID', 'AGREEMENT_NOT_PDF']);
  expect(await world.open.ledger.listBatches(10)).toEqual([]);
});

it('begins another stream after one that was cancelled or is over, and adds to one that is paused', async () => {
  const world = await createWorld();
  let now = Date.now();
  const add = signUpsOf(world, () => now);
  const first = await add(makeCustomer(1));
  await cancel(world.open, first.batchId, { by: 'test' });
  const second = await add(makeCustomer(2));
  expect(second.batchId).not.toBe(first.batchId);
  expect(await outcomesOf(world, first.batchId)).toEqual(['cancelled']);

  await pauseBatch(world.open, second.batchId, { by: 'test' });
  expect(await add(makeCustomer(3))).toEqual({ batchId: second.batchId, row: 2 });
  await resume(world.open, second.batchId, { by: 'test' });
  expect(await outcomesOf(world, second.batchId)).toEqual(['pending', 'pending']);

  now += DAY_MS;
  const third = await add(makeCustomer(4));
  expect([third.batchId === second.batchId, third.row]).toEqual([false, 1]);
  const giving = { ...world.open, now: () => now };
  await moveOn(giving, await world.open.ledger.requireBatch(second.batchId));
  expect((await world.open.ledger.requireBatch(second.batchId)).sealedAt).toBeDefined();
});

it('takes no row into a stream that was cancelled or sealed after its number was given out', async () => {
  const world = await createWorld();
  const add = signUpsOf(world);
  const { ledger } = world.open;
  for (const end of [
    (batchId: string) => cancel(world.open, batchId, { by: 'test' }),
    (batchId: string) => ledger.seal(batchId),
  ]) {
    const { batchId } = await add(makeCustomer(1), { source: uniqueName() });
    expect(await ledger.reserveRow(batchId)).toBe(2);
    await end(batchId);
    const row = {
      row: 2,
      custSpaceId: 'C9',
      fingerprint: '1.x',
      input: { line: 2, sha256: 'aa', fields: [] },
    };
    await expect(ledger.enroll(batchId, [row])).rejects.toMatchObject({ code: 'BATCH_STATE' });
    expect(await ledger.reserveRow(batchId)).toBeUndefined();
    expect((await ledger.requireBatch(batchId)).total).toBe(1);
  }
});

it('sends a customer once who is there twice, and refuses other data while the first is on its way', async () => {
  const world = await createWorld();
  const add = signUpsOf(world);
  const customer = makeCustomer(1);
  const first = await add(customer);
  await add(customer);
  expect(await outcomesOf(world, first.batchId)).toEqual(['pending', 'waiting']);
  await expect(add({ ...customer, CustName: 'Another' })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  const from = { path: await writeInput(world, [customer]) };
  const importing = { ...world.open, store: createDirectoryStore(join(world.folder, 'store')) };
  const imported = await importBatch(importing, { from, agreements: world.agreements, by: 'test' });
  expect(await outcomesOf(world, imported.batchId)).toEqual(['waiting']);
  expect(await jobsOf(world)).toBe(1);
});

it('finds the row of a request that is repeated, however far it had come', async () => {
  const world = await createWorld();
  const { ledger } = world.open;
  const add = signUpsOf(world);
  const requestKey = uniqueName();
  const { batchId } = await add(makeCustomer(1));
  // Killed after the number was given out, and then after the row was there.
  expect(await ledger.reserveRow(batchId, requestKey)).toBe(2);
  const place = await add(makeCustomer(2), { requestKey });
  expect(place).toEqual({ batchId, row: 2 });
  await world.open.queues.upload.obliterate({ force: true });
  expect(await add(makeCustomer(2), { requestKey })).toEqual(place);
  expect([await jobsOf(world), (await ledger.requireBatch(batchId)).total]).toEqual([1, 2]);
  // Killed after the number was given out, in a stream that was cancelled meanwhile.
  const later = uniqueName();
  await ledger.reserveRow(batchId, later);
  await cancel(world.open, batchId, { by: 'test' });
  const moved = await add(makeCustomer(3), { requestKey: later });
  expect([moved.batchId === batchId, moved.row]).toEqual([false, 1]);
  expect(await add(makeCustomer(3), { requestKey: later })).toEqual(moved);
  expect(await add(makeCustomer(2), { requestKey })).toEqual(place);
});

it('gives a job the priority that a person gave the stream', async () => {
  const world = await createWorld();
  const add = signUpsOf(world);
  const { batchId } = await add(makeCustomer(1));
  await prioritize(world.open, batchId, { priority: 60, by: 'test' });
  await add(makeCustomer(2));
  const jobs = await world.open.queues.upload.getPrioritized();
  expect(jobs.map(({ priority }) => priority)).toEqual([60, 60]);
});
