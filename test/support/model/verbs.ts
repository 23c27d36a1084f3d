/** What people and timers do to batches, in the statements and the order of `src/batch/`. */
import { parsePlace } from '../../../src/ledger/place.ts';
import { purgeRowsScript } from '../../../src/ledger/purge-rows.ts';
import { runLedgerScript } from '../../../src/ledger/scripts.ts';
import { type Change, changeFacts, hasActive, stateOf } from './facts-model.ts';
import { batchOf } from './snapshot.ts';
import type { Actor, World } from './world.ts';

export const BY = 'model';
/** Rows of a statement, few so that verbs are interrupted in the middle. */
export const PORTION = 2;
export const LATER_MS = 3_600_000;

/** Runs a change of facts, and compares what it says with the model. */
async function change(
  world: World,
  batchId: string,
  name: Change,
  run: () => Promise<{ verdict: string; state: string | null; number: number } | undefined>,
) {
  const facts = world.factsOf(batchId);
  const active = hasActive(world.snapshot, batchId);
  const expected = changeFacts(facts, name, active);
  const changed = await run();
  world.say(`${batchId}: ${name}: ${changed?.verdict ?? expected}`);
  if (changed === undefined) return { verdict: expected, number: 0 };
  if (changed.verdict !== expected)
    throw new Error(`${name} of ${batchId} says ${changed.verdict}, not ${expected}`);
  const state = facts.isGone ? null : facts.isPurging ? changed.state : stateOf(facts, active);
  if (changed.state !== state)
    throw new Error(`${name} of ${batchId} leads to ${changed.state}, not ${state}`);
  return changed;
}

export async function* cancel(world: World, batchId: string): Actor {
  const { verdict } = await change(world, batchId, 'cancel', () => world.ledger.cancelBatch(batchId, BY));
  yield undefined;
  if (verdict === 'done' || verdict === 'cancelled') yield* cancelRows(world, batchId);
}

async function* cancelRows(world: World, batchId: string): Actor {
  const selection = { outcomes: ['pending', 'waiting', 'uploaded'], size: PORTION } as const;
  for await (const numbers of world.ledger.iteratePortions(batchId, selection)) {
    const { rows, promoted } = await world.ledger.cancelRows(batchId, numbers);
    world.say(`${batchId}: rows cancelled: ${rows.join(', ')}`);
    world.give(promoted);
    yield undefined;
  }
}

export async function* pause(world: World, batchId: string): Actor {
  await change(world, batchId, 'pause', () => world.ledger.pauseBatch(batchId, BY));
  yield undefined;
}

export async function* resume(world: World, batchId: string): Actor {
  await change(world, batchId, 'resume', () => world.ledger.resumeBatch(batchId, BY));
  yield undefined;
}

export async function seal(world: World, batchId: string): Promise<void> {
  await change(world, batchId, 'seal', async () => {
    await world.ledger.seal(batchId);
    return undefined;
  });
}

export async function* sealStream(world: World, batchId: string): Actor {
  await seal(world, batchId);
  yield undefined;
}

export interface RedriveOptions {
  /** One row by its number, which also sends what is parked; otherwise all that failed or were cancelled. */
  row: number | undefined;
  isBold: boolean;
  isLater: boolean;
}

export async function* redrive(
  world: World,
  batchId: string,
  { row, isBold, isLater }: RedriveOptions,
): Actor {
  const selection = { outcomes: ['failed', 'cancelled'], size: PORTION } as const;
  let begun: number | undefined;
  const takesSuperseded = row !== undefined && isBold;
  const notBefore = isLater ? Date.now() + LATER_MS : undefined;
  for await (const portion of world.ledger.iteratePortions(batchId, selection)) {
    const { rows: records } = await world.ledger.readRecords(batchId, portion);
    const picked = records.filter((each) => (row === undefined ? !each.record.parked : each.row === row));
    if (picked.length === 0) continue;
    yield 'only read';
    if (begun === undefined) {
      const order = { by: BY, filter: 'model', notBefore, isScheduled: false };
      const run = () => world.ledger.beginRedrive(batchId, order);
      const { verdict, number } = await change(world, batchId, 'retry', run);
      begun = number;
      if (takesSuperseded) world.bold.add(`${batchId} ${number}`);
      yield undefined;
      if (verdict !== 'done') return;
    }
    const rows = picked.map((each) => each.row);
    const more = { number: begun, notBefore, takesSuperseded, takesParked: row !== undefined };
    yield* redriveRows(world, batchId, { rows, ...more });
  }
}

async function* redriveRows(
  world: World,
  batchId: string,
  order: Parameters<World['ledger']['redriveRows']>[1],
): Actor {
  const redriven = await world.ledger.redriveRows(batchId, order);
  const { verdict, pending, waiting, unchanged, left } = redriven;
  world.give(pending.map((row) => `${batchId} ${row}`));
  const why = left.map((each) => `${each.row} ${each.why}`).join(', ');
  world.say(
    `${batchId}: redriven, ${verdict}: pending ${pending}; waiting ${waiting}; unchanged ${unchanged}; ${why}`,
  );
  yield undefined;
}

/** The recurring redrive. */
export async function* redriveOnSchedule(world: World): Actor {
  const places = await world.ledger.listRecoverable(100);
  yield 'only read';
  for (const { batchId, row } of places) {
    const order = { by: 'schedule', filter: 'model', isScheduled: true };
    const run = () => world.ledger.beginRedrive(batchId, order);
    const { verdict, number } = await change(world, batchId, 'redrive', run);
    yield undefined;
    if (verdict === 'done') yield* redriveRows(world, batchId, { rows: [row], number, turns: 1 });
    else await world.ledger.dropRecoverable({ batchId, row });
    yield undefined;
  }
}

export async function* settle(world: World, place: string, as: 'submitted' | 'failed'): Actor {
  const row = world.snapshot.rows.get(place);
  const { isSettled, promoted } = await world.ledger.settle({ ...parsePlace(place), as, by: BY });
  world.say(`${place}: settle as ${as}: ${isSettled ? 'done' : 'not parked'}`);
  world.give(promoted);
  if (isSettled !== (row?.parked === true)) throw new Error(`${place} was not settled as it is parked`);
  if (row !== undefined && isSettled) {
    const { custSpaceId, fingerprint, seq = 0, generation } = row;
    if (as === 'submitted') world.succeed({ custSpaceId, place, fingerprint, seq, generation });
    else if (world.peer.of(place).length > 0) world.excuse(custSpaceId);
    world.peer.resolve(place);
  }
  yield undefined;
}

export async function* purge(world: World, batchId: string): Actor {
  for (;;) {
    const facts = world.factsOf(batchId);
    const state = facts.isPurging ? 'finished' : stateOf(facts, hasActive(world.snapshot, batchId));
    const parked = [...world.snapshot.rows].some(([place, row]) => batchOf(place) === batchId && row.parked);
    const { verdict } = await runLedgerScript(purgeRowsScript, world, [batchId, PORTION, 86_400, BY]);
    world.say(`${batchId}: purge: ${verdict}`);
    const expected = facts.isGone ? 'gone' : state !== 'finished' ? state : parked ? 'parked' : 'done';
    if (verdict !== expected && !(verdict === 'more' && expected === 'done'))
      throw new Error(`purge of ${batchId} says ${verdict}, not ${expected}`);
    if (verdict === 'more' || verdict === 'done') facts.isPurging = true;
    if (verdict === 'done') facts.isGone = true;
    yield undefined;
    if (verdict !== 'more') return;
  }
}

/** What upkeep does for a batch. */
export async function* keepUp(world: World, batchId: string): Actor {
  if (world.factsOf(batchId).isCancelled) yield* cancelRows(world, batchId);
  for await (const numbers of world.ledger.iteratePortions(batchId, {
    outcomes: ['waiting'],
    size: PORTION,
  })) {
    const promoted = await world.ledger.serveWaiting(batchId, numbers);
    world.say(
      `${batchId}: waiting ${numbers.join(', ')} served; promoted ${promoted.map(({ row }) => row).join(', ')}`,
    );
    world.give(promoted);
    yield undefined;
  }
}
