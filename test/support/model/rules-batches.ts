/** A batch adds up, shows the state that its facts imply, and is left alone when it is gone. */
import { OUTCOMES, type Outcome } from '../../../src/ledger/outcome.ts';
import { hasActive, stateOf } from './facts-model.ts';
import { type BatchSeen, CODES, isActive, type Row, type Snapshot } from './snapshot.ts';
import type { World } from './world.ts';

export function equal(actual: unknown, expected: unknown, what: string): void {
  if (actual !== expected) throw new Error(`${what} is ${actual}, not ${expected}`);
}

export function holds(condition: boolean, rule: string): void {
  if (!condition) throw new Error(rule);
}

export function checkBatch(world: World, batchId: string, snapshot: Snapshot): void {
  const batch = snapshot.batches.get(batchId);
  const facts = world.factsOf(batchId);
  if (batch === undefined) return;
  if (facts.isGone) {
    const indexed = [...batch.indexes.values()].flat().length;
    equal(batch.keys + indexed, 0, `keys of ${batchId}, which is gone,`);
    equal(batch.gone, 1, `tombstones of ${batchId}`);
    equal(batch.listed, 0, `entries of ${batchId}, which is gone, in the index`);
    return;
  }
  followOwnPause(world, batchId, batch);
  checkCounters(batchId, batch);
  checkCodes(batchId, batch);
  checkRedrives(batchId, batch);
  checkState(world, batchId, snapshot);
}

const counter = ({ hash }: BatchSeen, name: string) => Number(hash[name] ?? 0);

function numbersOf({ rows }: BatchSeen, is: (row: Row) => boolean): number[] {
  return [...rows].filter(([, row]) => is(row)).map(([number]) => Number(number));
}

function checkIndex(
  batchId: string,
  { indexes }: BatchSeen,
  { name, rows }: { name: string; rows: number[] },
): void {
  const sorted = rows.toSorted((a, b) => a - b);
  equal(indexes.get(name)?.join(), sorted.join(), `the index ${name} of ${batchId}`);
}

function checkCounters(batchId: string, batch: BatchSeen): void {
  for (const outcome of OUTCOMES) {
    const rows = numbersOf(batch, (row) => row.outcome === outcome);
    equal(counter(batch, outcome), rows.length, `the counter ${outcome} of ${batchId}`);
    checkIndex(batchId, batch, { name: `is:${outcome}`, rows });
  }
  const parked = numbersOf(batch, (row) => row.parked === true);
  equal(counter(batch, 'total'), batch.rows.size, `the total of ${batchId}`);
  equal(batch.inputs, batch.rows.size, `the number of inputs of ${batchId}`);
  equal(counter(batch, 'parked'), parked.length, `the counter of parked rows of ${batchId}`);
  const retrying = numbersOf(batch, (row) => isActive(row) && row.code !== undefined);
  equal(
    counter(batch, 'retrying'),
    retrying.length,
    `the counter of rows of ${batchId} that are tried again`,
  );
}

function checkCodes(batchId: string, batch: BatchSeen): void {
  for (const code of CODES) {
    const rows = numbersOf(batch, (row) => row.outcome === 'failed' && row.code === code);
    equal(Number(batch.codes[code] ?? 0), rows.length, `the counter of ${code} of ${batchId}`);
    checkIndex(batchId, batch, { name: `code:${code}`, rows });
  }
  for (const [row, { outcome, code, parked, lead }] of batch.rows) {
    const name = `row ${row} of ${batchId}`;
    holds(outcome !== 'failed' || CODES.includes(code ?? ''), `${name} has the code ${code}`);
    // What it says is true now: whoever reads it would decide a row that is decided already.
    const asksForDecision = outcome === 'failed' && code === 'SUBMIT_OUTCOME_UNKNOWN' && lead === undefined;
    holds(!asksForDecision || parked === true, `${name} asks for a decision, and is not parked`);
    holds(outcome !== 'cancelled' || code === undefined, `${name} is cancelled, and says ${code}`);
  }
}

/** The rows that a redrive took, as they are now, are among those that it counts. */
function checkRedrives(batchId: string, batch: BatchSeen): void {
  for (const [name, value] of Object.entries(batch.hash))
    if (name.startsWith('redrive:')) holds(Number(value) >= 0, `${name} of ${batchId} is ${value}`);
  if (batch.hash.purgingAt !== undefined) return;
  for (const { redrive, outcome } of batch.rows.values()) {
    if (redrive === undefined) continue;
    const rows = numbersOf(batch, (row) => row.redrive === redrive && row.outcome === outcome).length;
    const counted = counter(batch, `redrive:${redrive}:${outcome satisfies Outcome}`);
    holds(
      counted >= rows,
      `redrive ${redrive} of ${batchId} counts ${counted} rows as ${outcome}, and ${rows} are`,
    );
  }
}

/** A batch pauses itself after too many identical refusals, which is its own decision. */
function followOwnPause(world: World, batchId: string, { hash }: BatchSeen): void {
  const facts = world.factsOf(batchId);
  if (hash.pausedAt === undefined || facts.isPaused || hash.pausedWhy === undefined) return;
  const isDue = facts.maxFailures > 0 && Number(hash.streak) > facts.maxFailures && !facts.isCancelled;
  holds(isDue, `${batchId} paused itself after ${hash.streak} refusals`);
  facts.isPaused = true;
  world.say(`${batchId}: paused itself`);
}

function checkState(world: World, batchId: string, snapshot: Snapshot): void {
  const { hash = {} } = snapshot.batches.get(batchId) ?? {};
  const facts = world.factsOf(batchId);
  equal(hash.sealedAt !== undefined, facts.isSealed, `whether ${batchId} is sealed`);
  equal(hash.cancelledAt !== undefined, facts.isCancelled, `whether ${batchId} is cancelled`);
  equal(hash.pausedAt !== undefined, facts.isPaused, `whether ${batchId} is paused`);
  equal(hash.purgingAt !== undefined, facts.isPurging, `whether ${batchId} is being purged`);
  equal(Number(hash.round ?? 0), facts.redrives, `the number of redrives of ${batchId}`);
  const state = stateOf(facts, hasActive(snapshot, batchId));
  equal(hash.finished !== undefined, state === 'finished', `whether ${batchId} counts as finished`);
}
