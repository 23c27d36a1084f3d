/** Whether a submit arrived is unknown until somebody knows: whatever becomes of the row meanwhile. */
import { describe, expect, it } from 'vitest';
import type { Transition } from '../../src/ledger/transition.ts';
import { accountKeys } from '../../src/redis/keys.ts';
import { type LedgerBench, makeLedger, makeRow } from '../support/ledger.ts';
import { connectTestRedis } from '../support/redis.ts';

const row = makeRow(1);
const REFUSED = { code: 'PEER_UNAVAILABLE', class: 'transient' } as const;
const PARKED = { outcome: 'failed', code: 'SUBMIT_OUTCOME_UNKNOWN', parked: true };

/** Row 1 of `a` was submitted, nobody knows whether it arrived, and it waits for the same row of `b`. */
async function waitingInDoubt(): Promise<LedgerBench> {
  const bench = makeLedger();
  const { ledger, batch, mark, move, record } = bench;
  await batch('a', [row]);
  await mark('a', 1);
  await move('a', 1, 'uploaded', { fence: 'token', add: { ambiguous: 1 } });
  await move('a', 1, 'failed', { patch: { code: 'SUBMIT_OUTCOME_UNKNOWN', class: 'ambiguous' } });
  const { number } = await ledger.beginRedrive('a', { by: 'test', filter: 'x', isScheduled: false });
  await ledger.redriveRows('a', { rows: [1], number, takesParked: true });
  await ledger.pauseBatch('a', 'test');
  expect(await batch('b', [row])).toEqual([1]);
  expect(await record('a', 1)).toMatchObject({ outcome: 'waiting', unknown: true });
  return bench;
}

async function expectParked({ account, ledger, record }: LedgerBench): Promise<void> {
  expect(await record('a', 1)).toMatchObject(PARKED);
  expect((await ledger.requireBatch('a')).parked).toBe(1);
  const [entry] = JSON.parse((await connectTestRedis().hget(accountKeys(account).parked, 'C1')) ?? '[]');
  expect(entry).toMatchObject({ place: 'a 1', seq: 1 });
}

describe('a row that waits in doubt', () => {
  it('is parked again when the row it waits for fails', async () => {
    const bench = await waitingInDoubt();
    await bench.move('b', 1, 'failed', { patch: REFUSED });
    await expectParked(bench);
  });

  it('is parked again when its batch is cancelled and the other row ends first', async () => {
    const bench = await waitingInDoubt();
    await bench.ledger.cancelBatch('a', 'test');
    await bench.move('b', 1, 'failed', { patch: REFUSED });
    await expectParked(bench);
  });

  it('is unchanged, and in doubt no more, when the other row is submitted', async () => {
    const { submit, record } = await waitingInDoubt();
    await submit('b', 1);
    const { outcome, unknown, ambiguous } = await record('a', 1);
    expect({ outcome, unknown, ambiguous }).toEqual({
      outcome: 'unchanged',
      unknown: undefined,
      ambiguous: 1,
    });
  });
});

it('a refusal that comes late says nothing about the submit that followed, whose answer was lost', async () => {
  const bench = makeLedger();
  const { ledger, batch, mark, move, record } = bench;
  await batch('a', [row]);
  await mark('a', 1, 'frozen');
  await move('a', 1, 'uploaded', { fence: 'frozen', add: { ambiguous: 1 } });
  await ledger.markRow({ batchId: 'a', row: 1, to: 'submitting', patch: { token: 'second' } });
  await move('a', 1, 'uploaded', { fence: 'second', add: { ambiguous: 1 } });
  await move('a', 1, 'failed', { patch: { code: 'REFUSED', class: 'customer', unknown: null } });
  expect(await record('a', 1)).toMatchObject(PARKED);
});

describe('a row whose earlier submit succeeds while a later one is under way', () => {
  async function succeedLate() {
    const bench = makeLedger();
    const { ledger, batch, mark, move } = bench;
    await batch('a', [row]);
    const frozen = await mark('a', 1, 'frozen');
    await move('a', 1, 'uploaded', { fence: 'frozen', add: { ambiguous: 1 } });
    await ledger.markRow({ batchId: 'a', row: 1, to: 'submitting', patch: { token: 'second' } });
    await ledger.recordSuccess({ batchId: 'a', row: 1, record: frozen, requestId: 'late' });
    return bench;
  }

  it.each<[string, 'failed' | 'uploaded', Partial<Transition>]>([
    ['is refused', 'failed', { patch: { code: 'REFUSED', class: 'customer', unknown: null } }],
    ['is lost', 'failed', { patch: { code: 'SUBMIT_OUTCOME_UNKNOWN', class: 'ambiguous' } }],
    ['is throttled', 'uploaded', { add: { attempts: -1 } }],
    ['gets no answer', 'uploaded', { add: { ambiguous: 1 } }],
  ])('is submitted when the later one %s', async (_what, to, change) => {
    const { ledger, move, record } = await succeedLate();
    await move('a', 1, to, { fence: 'second', ...change });
    const { code, parked, unknown, lead, ...rest } = await record('a', 1);
    expect(rest).toMatchObject({ outcome: 'submitted', seq: 1, requestId: 'late' });
    expect({ code, parked, unknown, lead }).toEqual({});
    const { counts, parked: parkedRows, state } = await ledger.requireBatch('a');
    expect({ counts, parkedRows, state }).toMatchObject({
      counts: { submitted: 1, failed: 0 },
      parkedRows: 0,
      state: 'finished',
    });
  });
});
