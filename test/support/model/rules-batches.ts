/** A batch adds up, shows the state that its facts imply, and is left alone when it is gone. */
import { OUTCOMES, type Outcome } from '../../../src/ledger/outcome.ts';
import { hasActive, stateOf } from './facts-model.ts';
import { type BatchSeen, CODES, type Row, type Snapshot } from './snapshot.ts';
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
    equal(batch.keys, 0, `keys of ${batchId}, which is gone,`);
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

const count = (batch: BatchSeen, is: (row: Row) => boolean) => [...batch.rows.values()].filter(is).length;
const counter = ({ hash }: BatchSeen, name: string) => Number(hash[name] ?? 0);

function checkCounters(batchId: string, batch: BatchSeen): void {
  for (const outcome of OUTCOMES) {
    const rows = count(batch, (row) => row.outcome === outcome);
    equal(counter(batch, outcome), rows, `the counter ${outcome} of ${batchId}`);
    equal(batch.bits[outcome], rows, `the index ${outcome} of ${batchId}`);
  }
  equal(counter(batch, 'total'), batch.rows.size, `the total of ${batchId}`);
  equal(batch.inputs, batch.rows.size, `the number of inputs of ${batchId}`);
  equal(
    counter(batch, 'parked'),
    count(batch, (row) => row.parked === true),
    `the counter of parked rows of ${batchId}`,
  );
}

function checkCodes(batchId: string, batch: BatchSeen): void {
  for (const code of CODES) {
    const rows = count(batch, (row) => row.outcome === 'failed' && row.code === code);
    equal(Number(batch.codes[code] ?? 0), rows, `the counter of ${code} of ${batchId}`);
    equal(batch.codeBits[code], rows, `the index of ${code} of ${batchId}`);
  }
  for (const [row, record] of batch.rows) {
    const isCoded = record.outcome === 'failed' && record.code !== undefined;
    holds(
      !isCoded || CODES.includes(record.code ?? ''),
      `row ${row} of ${batchId} has the code ${record.code}`,
    );
    equal(batch.marked[row], isCoded ? 3 : 1, `the index entry of row ${row} of ${batchId}`);
  }
}

/** The rows that a redrive took, as they are now, are among those that it counts. */
function checkRedrives(batchId: string, batch: BatchSeen): void {
  for (const [name, value] of Object.entries(batch.hash))
    if (name.startsWith('redrive:')) holds(Number(value) >= 0, `${name} of ${batchId} is ${value}`);
  if (batch.hash.purging !== undefined) return;
  for (const { redrive, outcome } of batch.rows.values()) {
    if (redrive === undefined) continue;
    const rows = count(batch, (row) => row.redrive === redrive && row.outcome === outcome);
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
  if (hash.paused === undefined || facts.isPaused || hash.pausedWhy === undefined) return;
  const isDue = facts.maxFailures > 0 && Number(hash.streak) > facts.maxFailures && !facts.isCancelled;
  holds(isDue, `${batchId} paused itself after ${hash.streak} refusals`);
  facts.isPaused = true;
  world.say(`${batchId}: paused itself`);
}

function checkState(world: World, batchId: string, snapshot: Snapshot): void {
  const { hash = {} } = snapshot.batches.get(batchId) ?? {};
  const facts = world.factsOf(batchId);
  equal(hash.sealed !== undefined, facts.isSealed, `whether ${batchId} is sealed`);
  equal(hash.cancelled !== undefined, facts.isCancelled, `whether ${batchId} is cancelled`);
  equal(hash.paused !== undefined, facts.isPaused, `whether ${batchId} is paused`);
  equal(hash.purging !== undefined, facts.isPurging, `whether ${batchId} is being purged`);
  equal(Number(hash.round ?? 0), facts.redrives, `the number of redrives of ${batchId}`);
  const state = stateOf(facts, hasActive(snapshot, batchId));
  equal(hash.finished !== undefined, state === 'finished', `whether ${batchId} counts as finished`);
}
