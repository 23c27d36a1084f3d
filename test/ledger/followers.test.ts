/** Rows that fail only because another is parked: once that is over, however it ends and whatever dies, they say what is true. */
import { describe, expect, it } from 'vitest';
import { describeRow, hintOf } from '../../src/batch/result-columns.ts';
import { runLedgerScript } from '../../src/ledger/scripts.ts';
import { settleScript } from '../../src/ledger/settle.ts';
import { accountKeys, batchKeys } from '../../src/redis/keys.ts';
import { type LedgerBench, makeLedger, makeRow, parkRow } from '../support/ledger.ts';
import { connectTestRedis } from '../support/redis.ts';

const row = makeRow(1);
const newer = makeRow(1, { fingerprint: 'newer' });
const first = { batchId: 'a', row: 1 };
const REFUSED = { code: 'REFUSED', class: 'customer', message: 'No.', unknown: null } as const;
/** More than one script tells. */
const MANY = 230;

/**
 * Row 1 of batch a is parked, and as many rows of batch b as are wanted failed because of it. Between them, other data of the
 * customer was refused, as row 1 of batch o.
 */
async function parked(followers: number): Promise<LedgerBench> {
  const bench = makeLedger();
  await bench.batch('a', [row]);
  await parkRow(bench.ledger, first);
  await bench.batch('o', [newer]);
  await bench.move('o', 1, 'failed', { patch: REFUSED });
  const { custSpaceId, fingerprint } = row;
  const rows = Array.from({ length: followers }, (_, index) =>
    makeRow(index + 1, { custSpaceId, fingerprint }),
  );
  await bench.batch('b', rows);
  expect(await countCodes(bench)).toEqual([{ code: 'CUSTOMER_PARKED', rows: followers }]);
  return bench;
}

const countCodes = ({ ledger }: LedgerBench) => ledger.countCodes('b');

/** A person sends the parked row again. */
async function takeUpAgain({ ledger }: LedgerBench): Promise<void> {
  const { number } = await ledger.beginRedrive('a', { by: 'test', filter: 'x', isScheduled: false });
  expect((await ledger.redriveRows('a', { rows: [1], number, takesParked: true })).pending).toEqual([1]);
}

/** Nobody does what is left but the upkeep. */
async function keepUp({ ledger }: LedgerBench): Promise<void> {
  for (const place of await ledger.listUnparked()) await ledger.followUnparked(place);
  expect(await ledger.listUnparked()).toEqual([]);
}

const adoptAnotherPeer = ({ account }: LedgerBench) =>
  connectTestRedis().hset(accountKeys(account).peer, 'generation', 2);

const settleAs = (as: string) => (bench: LedgerBench) =>
  runLedgerScript(settleScript, { redis: connectTestRedis(), account: bench.account }, ['a', 1, as, 'ann']);

async function sendAgain(bench: LedgerBench): Promise<void> {
  await takeUpAgain(bench);
  await bench.submit('a', 1);
}

async function sendNewer(bench: LedgerBench): Promise<void> {
  await bench.batch('c', [newer]);
  await bench.submit('c', 1);
}

async function refuse(bench: LedgerBench): Promise<void> {
  await takeUpAgain(bench);
  await bench.mark('a', 1);
  await bench.move('a', 1, 'failed', { fence: 'token', patch: REFUSED });
}

async function sendToAnotherPeer(bench: LedgerBench): Promise<void> {
  await adoptAnotherPeer(bench);
  await bench.batch('c', [row]);
  await bench.submit('c', 1);
}

async function settleAfterAnotherPeer(bench: LedgerBench): Promise<void> {
  await adoptAnotherPeer(bench);
  await settleAs('submitted')(bench);
}

/** Older than the rows that follow, so it is not newer data for them. */
async function sendOlderAgain(bench: LedgerBench): Promise<void> {
  const { number } = await bench.ledger.beginRedrive('o', { by: 'test', filter: 'x', isScheduled: false });
  expect((await bench.ledger.redriveRows('o', { rows: [1], number, takesParked: false })).pending).toEqual([
    1,
  ]);
  await bench.submit('o', 1);
}

const UNCHANGED = { counts: { unchanged: MANY, failed: 0 }, codes: [] };
const failedWith = (code: string) => ({
  counts: { unchanged: 0, failed: MANY },
  codes: [{ code, rows: MANY }],
});

describe('however many rows follow a parked one', () => {
  it.each([
    ['is settled as submitted, by a command that is killed', settleAs('submitted'), UNCHANGED],
    [
      'is settled as failed, by a command that is killed',
      settleAs('failed'),
      failedWith('SETTLED_AS_FAILED'),
    ],
    ['is sent again, and accepted', sendAgain, UNCHANGED],
    ['is sent again, and refused', refuse, failedWith('REFUSED')],
    ['is superseded by newer data', sendNewer, failedWith('SUPERSEDED')],
    ['is sent by another row to another peer', sendToAnotherPeer, UNCHANGED],
    ['is settled as submitted to an earlier peer', settleAfterAnotherPeer, failedWith('CUSTOMER_UNPARKED')],
    ['is replaced by older data that a person sent again', sendOlderAgain, failedWith('CUSTOMER_UNPARKED')],
  ])('all say what is true once it %s', async (_name, end, expected) => {
    const bench = await parked(MANY);
    await end(bench);
    // Not all in one script, however many there are.
    expect((await countCodes(bench)).map(({ code }) => code)).toContain('CUSTOMER_PARKED');
    await keepUp(bench);
    const { counts } = await bench.ledger.requireBatch('b');
    expect({ counts, codes: await countCodes(bench) }).toMatchObject(expected);
  });

  it('all are told although some are purged, and others come, meanwhile', async () => {
    const bench = await parked(MANY);
    const { custSpaceId, fingerprint } = row;
    await bench.batch(
      'c',
      Array.from({ length: MANY }, (_, index) => makeRow(index + 1, { custSpaceId, fingerprint })),
    );
    await settleAs('submitted')(bench);
    expect(await bench.ledger.purge('b', 'test')).toBe('done');
    await bench.batch('d', [row]);
    await keepUp(bench);
    expect(await bench.ledger.requireBatch('c')).toMatchObject({ counts: { unchanged: MANY, failed: 0 } });
  });

  it('those that were not told yet say what is true if it is parked again meanwhile', async () => {
    const bench = await parked(MANY);
    await settleAs('failed')(bench);
    await takeUpAgain(bench);
    await bench.mark('a', 1);
    await bench.move('a', 1, 'uploaded', { fence: 'token', add: { ambiguous: 1 }, parkAt: 1 });
    await keepUp(bench);
    const told = await countCodes(bench);
    expect(told).toContainEqual({ code: 'CUSTOMER_PARKED', rows: MANY - 100 });
    await bench.ledger.settle({ ...first, as: 'submitted', by: 'ann' });
    expect(await countCodes(bench)).toEqual([{ code: 'SETTLED_AS_FAILED', rows: 100 }]);
  });
});

it('a row that cannot be read keeps no other from being told', async () => {
  const bench = await parked(3);
  await connectTestRedis().hset(batchKeys(bench.account, 'b').rows, '2', 'damaged');
  await bench.ledger.settle({ ...first, as: 'submitted', by: 'ann' });
  for (const number of [1, 3])
    expect(await bench.record('b', number)).toMatchObject({ outcome: 'unchanged' });
});

it('a row whose data arrived at an earlier peer does not say that it failed there', async () => {
  const bench = await parked(1);
  await settleAfterAnotherPeer(bench);
  const record = await bench.record('b', 1);
  expect(describeRow(record)).toBe('The same data was parked, and no longer is: row 1 of batch a.');
  expect(hintOf(record)).toBe('Run `onboard retry` to send it.');
});
