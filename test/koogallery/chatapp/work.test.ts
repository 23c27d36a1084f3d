import { expect, it } from 'vitest';
import { formLinkOf } from '../../../src/koogallery/form/link.ts';
import { type Begun, beginTask } from '../../../src/koogallery/lifecycle/begin-task.ts';
import { endTask } from '../../../src/koogallery/lifecycle/end-task.ts';
import { retryTasks } from '../../../src/koogallery/lifecycle/retry-tasks.ts';
import { openAccess } from '../../../src/koogallery/registry/access.ts';
import { countStates } from '../../../src/koogallery/registry/count-states.ts';
import { type Desk, openDesk } from '../../support/koogallery/chatapp-work.ts';
import { doChange, wish } from '../../support/koogallery/registry.ts';
import { parkRow, submitRow } from '../../support/ledger.ts';
import { makePdf } from '../../support/pdf.ts';

const placeOf = async (desk: Desk, id = 'i') => {
  const { batch = '', row = 0 } = (await desk.instance(id))?.customer ?? {};
  return { batchId: batch, row };
};
const told = async ({ instance, seal }: Desk) => openAccess(seal, (await instance())?.access).frontEndUrl;

async function submit(desk: Desk, id = 'i'): Promise<void> {
  const { batchId, row } = await placeOf(desk, id);
  await submitRow(desk.world.open.ledger, batchId, row);
}

async function fail(desk: Desk, patch: object): Promise<void> {
  const { ledger } = desk.world.open;
  const place = await placeOf(desk);
  await ledger.transition({ ...place, to: 'failed', patch });
}

it('adds a complete purchase once, and is done when its row is submitted', async () => {
  const desk = await openDesk();
  await desk.sign();
  await desk.buy();
  await desk.workOn('i');
  expect(await desk.instance()).toMatchObject({ state: 'opening', customer: { row: 1 } });
  expect(await desk.instance()).not.toHaveProperty('readyAt');
  await desk.hasten();
  expect(await desk.create()).toMatchObject({ state: 'due', reason: expect.stringContaining('is pending') });
  expect(await desk.waiting()).toEqual({ work: 1, buyer: 0 });
  await submit(desk);
  await desk.hasten();
  expect(await desk.instance()).toMatchObject({ state: 'active', settled: 1 });
  expect(await told(desk)).toBe('https://app.example.com/i');
  expect(await desk.waiting()).toEqual({ work: 0, buyer: 0 });
  const [row, ...others] = await desk.rows();
  expect(others).toEqual([]);
  expect(row?.input.fields).toEqual([
    ...['C1', '示例 & Söhne', '1 Main Street', 'person@customer.example', 'SG', 'Order updates'],
    'C1.pdf',
  ]);
  // Chat App knows nothing of the rest of its life.
  for (const op of ['freeze', 'unfreeze', 'release'] as const) await doChange(desk.access, wish(op, 'i'));
  await desk.workOn('i');
  expect(await desk.instance()).toMatchObject({ state: 'released', settled: 4 });
});

it('waits for what is missing or cannot be used, tells it, and goes on with what was typed', async () => {
  const desk = await openDesk();
  await desk.sign();
  await desk.buy('i', { customerId: 'C1' }, 'no address');
  await desk.workOn('i');
  expect(await desk.instance()).toMatchObject({
    ...{ state: 'waiting', missing: ['CustName'], readyAt: expect.any(Number) },
    problems: [{ field: 'ContactMail', code: 'EMAIL_INVALID' }],
  });
  expect(await told(desk)).toBe(formLinkOf(desk.channel, 'i'));
  expect(await desk.waiting()).toEqual({ work: 0, buyer: 1 });
  expect(await desk.type({ CustName: 'Shop', ContactMail: 'a@shop.example' })).toMatchObject({
    verdict: 'taken',
  });
  expect(await desk.instance()).toMatchObject({ state: 'opening' });
  expect(await desk.waiting()).toEqual({ work: 1, buyer: 0 });
  await desk.workOn('i');
  await submit(desk);
  await desk.hasten();
  expect(await desk.instance()).toMatchObject({ state: 'active' });
  expect((await desk.rows())[0]?.input.fields.slice(0, 4)).toEqual([
    ...['C1', 'Shop', '1 Main Street', 'a@shop.example'],
  ]);
});

it('waits for a file that is not whole, and looks again', async () => {
  const desk = await openDesk();
  const pdf = makePdf(['signed']);
  await desk.sign('C1', pdf.subarray(0, pdf.length / 2));
  await desk.buy();
  await desk.workOn('i');
  expect(await desk.instance()).toMatchObject({
    problems: [{ field: 'IsvTerms', code: 'AGREEMENT_TRUNCATED' }],
  });
  await desk.sign();
  await desk.hasten();
  expect(await desk.instance()).toMatchObject({ state: 'opening', customer: { row: 1 } });
  expect(await desk.instance()).not.toHaveProperty('problems');
});

it('keeps what buyers of V1.0 were told', async () => {
  const desk = await openDesk({ channel: { generation: 'saas-v1' } });
  await desk.buy();
  await desk.workOn('i');
  expect(await desk.instance()).toMatchObject({ state: 'waiting', missing: ['IsvTerms'] });
  expect(await desk.instance()).not.toHaveProperty('access');
});

it('waits again if the data were refused, and tries them again only if they change', async () => {
  const desk = await openDesk();
  await desk.sign();
  await desk.buy();
  await desk.workOn('i');
  await fail(desk, { code: 'InvalidParameter', class: 'customer', message: 'ContactMail is no good' });
  await desk.hasten();
  const problems = [{ field: 'ContactMail', code: 'InvalidParameter' }];
  expect(await desk.instance()).toMatchObject({ state: 'waiting', missing: [], problems });
  await desk.hasten();
  expect(await desk.instance()).toMatchObject({ state: 'waiting', problems });
  expect(await desk.rows()).toHaveLength(1);
  await desk.type({ ContactMail: 'better@shop.example' });
  await desk.workOn('i');
  expect(await placeOf(desk)).toMatchObject({ row: 2 });
  await submit(desk);
  await desk.hasten();
  expect(await desk.instance()).toMatchObject({ state: 'active' });
});

it('refuses what failed for another reason, and is done once somebody has sent it', async () => {
  const desk = await openDesk();
  await desk.sign();
  await desk.buy();
  await desk.workOn('i');
  await fail(desk, { code: 'PEER_REFUSED', class: 'unknown' });
  await desk.hasten();
  const { batchId } = await placeOf(desk);
  expect(await desk.instance()).toMatchObject({
    ...{ state: 'failed', refused: 1, customer: { batch: batchId, row: 1 } },
    refusal: `row 1 of batch ${batchId} failed: PEER_REFUSED; once it is submitted, retry this task`,
  });
  const order = { by: 'me', filter: 'all', isScheduled: false };
  const { number } = await desk.world.open.ledger.beginRedrive(batchId, order);
  await desk.world.open.ledger.redriveRows(batchId, { rows: [1], number, turns: 1 } as never);
  await submit(desk);
  await desk.hasten();
  expect(await desk.instance()).toMatchObject({ state: 'active', refused: 0 });
});

it('is patient with what is parked, or will be retried by itself', async () => {
  const desk = await openDesk();
  await desk.sign();
  await desk.buy();
  await desk.workOn('i');
  await parkRow(desk.world.open.ledger, await placeOf(desk));
  await desk.hasten();
  expect(await desk.create()).toMatchObject({ state: 'due', reason: expect.stringContaining('is parked') });
  const other = await openDesk();
  await other.sign();
  await other.buy();
  await other.workOn('i');
  await fail(other, { code: 'PEER_UNREACHABLE', class: 'transient' });
  await other.hasten();
  expect(await other.create()).toMatchObject({
    ...{ state: 'due', failures: 0 },
    reason: expect.stringContaining('it is retried by itself'),
  });
});

it('is done at once for a customer that is registered, and waits for one that is on its way', async () => {
  const desk = await openDesk();
  await desk.sign();
  await desk.buy('i');
  await desk.workOn('i');
  await desk.buy('j', { customerId: 'C1', customerName: 'Another name' });
  await desk.workOn('j');
  expect(await desk.create('j')).toMatchObject({
    state: 'due',
    reason: expect.stringContaining('other data'),
  });
  expect(await desk.instance('j')).toMatchObject({ state: 'opening' });
  await submit(desk);
  await desk.hasten('j');
  // Nothing is missing that matters.
  await desk.buy('k', { customerId: 'C1' });
  await desk.workOn('k');
  for (const id of ['j', 'k'])
    expect(await desk.instance(id)).toMatchObject({ state: 'active', customer: { row: 1 } });
  expect(await desk.rows()).toHaveLength(1);
});

it('withdraws a create whose instance was released before', async () => {
  const desk = await openDesk();
  await desk.buy();
  await desk.workOn('i');
  await doChange(desk.access, wish('release', 'i'));
  expect(await desk.waiting()).toEqual({ work: 0, buyer: 0 });
  await desk.hasten();
  expect(await desk.create()).toMatchObject({ state: 'withdrawn' });
  expect(await desk.instance()).toMatchObject({ state: 'released', settled: 2, refused: 0 });
  await desk.sign();
  await desk.buy('j');
  await desk.workOn('j');
  const { batchId } = await placeOf(desk, 'j');
  await doChange(desk.access, wish('release', 'j'));
  await desk.hasten('j');
  expect(await desk.create('j')).toMatchObject({
    reason: `released before it was registered; row 1 of batch ${batchId} goes on by itself`,
  });
});

it('is not active because somebody has brought it back', async () => {
  const desk = await openDesk();
  await desk.buy();
  await desk.workOn('i');
  const begun = await beginAgain(desk);
  await endTask(desk.access, begun, { outcome: 'refused', reason: 'its store was away for days' });
  expect(await desk.instance()).toMatchObject({ state: 'failed', readyAt: expect.any(Number) });
  await retryTasks(desk.access, { id: 'i', by: 'test' });
  expect(await desk.instance()).toMatchObject({ state: 'opening' });
  expect(await countStates(desk.access)).toMatchObject({ opening: 1, active: 0 });
  await desk.workOn('i');
  expect(await desk.instance()).toMatchObject({ state: 'waiting', missing: ['IsvTerms'] });
});

async function beginAgain({ access }: Desk): Promise<Begun> {
  await retryTasks(access, { id: 'i', by: 'test' });
  const beginning = await beginTask(access, 'i', 15_000);
  if (beginning.verdict !== 'begun') throw new Error(`not begun: ${beginning.verdict}`);
  return beginning.begun;
}
