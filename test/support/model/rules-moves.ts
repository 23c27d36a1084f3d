/** What one statement may do to rows, and when a row may be sent. */
import { equal, holds } from './rules-batches.ts';
import { batchOf, isActive, isWorked, type Row, type Snapshot } from './snapshot.ts';
import type { World } from './world.ts';

export function checkMoves(world: World, before: Snapshot, after: Snapshot): void {
  for (const [place, row] of after.rows) {
    const was = before.rows.get(place);
    if (was) checkConstant(place, was, row);
    if (was?.outcome === row.outcome && was?.superseded === row.superseded) continue;
    if (row.outcome === 'unchanged') checkUnchanged(world, place, row, { before, after });
    if (row.superseded && !was?.superseded) checkSuperseded(place, row, { before, after });
    if (row.code === 'CUSTOMER_BUSY' && was?.code !== row.code) checkBusy(place, row, { before, after });
    if (isWorked(row) && !(was && isWorked(was)))
      holds(world.notes.given.has(place), `${place} is ${row.outcome} now, and nobody gives it a job`);
    if (isActive(row) && !(was && isActive(was)))
      holds(
        world.facts.get(batchOf(place))?.isCancelled === false,
        `${place} of a cancelled batch became ${row.outcome}`,
      );
  }
  for (const [place, was] of before.rows)
    holds(after.rows.has(place) || !isActive(was), `${place} was ${was.outcome}, and is gone`);
}

function checkConstant(place: string, was: Row, row: Row): void {
  for (const field of ['custSpaceId', 'fingerprint', 'order'] as const)
    equal(row[field], was[field], `${field} of ${place}`);
  holds((row.ambiguous ?? 0) >= (was.ambiguous ?? 0), `${place} forgets lost answers`);
  if (was.outcome === 'submitted' || was.outcome === 'unchanged')
    equal(row.outcome, was.outcome, `the outcome of ${place}`);
}

/** Unnecessary only if the last submit was of the same data, and nothing else is on its way or in doubt after it. */
function isUnnecessary(
  world: World,
  place: string,
  row: Row,
  { rows, submitted, parked }: Snapshot,
): boolean {
  const fact = submitted.get(row.custSpaceId);
  if (fact?.fingerprint !== row.fingerprint || fact.generation !== world.peer.generation) return false;
  const isOther = (other: { fingerprint: string }) => other.fingerprint !== row.fingerprint;
  const isBusy = [...rows].some(
    ([each, other]) =>
      each !== place && other.custSpaceId === row.custSpaceId && isWorked(other) && isOther(other),
  );
  const isInDoubt = (parked.get(row.custSpaceId) ?? []).some(
    (other) => isOther(other) && other.seq > fact.seq,
  );
  return !isBusy && !isInDoubt;
}

/** One statement decides several rows in turn, so that one of them may be on its way when another was decided before. */
function checkUnchanged(world: World, place: string, row: Row, { before, after }: Step): void {
  const wasWorked = ([each]: [string, Row]) => {
    const was = before.rows.get(each);
    return was !== undefined && isWorked(was);
  };
  const seen = { ...after, rows: new Map([...after.rows].filter(wasWorked)) };
  holds(
    isUnnecessary(world, place, row, seen),
    `${place} is unchanged, although it is not what the peer has`,
  );
}

interface Step {
  before: Snapshot;
  after: Snapshot;
}

/** Other data of the same customer, enrolled later, was submitted, is parked, or is active. */
function isReplaced(place: string, row: Row, { rows, submitted, parked }: Snapshot): boolean {
  const facts = [submitted.get(row.custSpaceId), ...(parked.get(row.custSpaceId) ?? [])];
  const active = [...rows]
    .filter(([each, other]) => each !== place && isActive(other))
    .map(([, other]) => other);
  const others = [...facts, ...active.filter((other) => other.custSpaceId === row.custSpaceId)];
  return others.some(
    (other) =>
      other &&
      other.fingerprint !== row.fingerprint &&
      ((other.order ?? 0) > row.order || isLater(other, row)),
  );
}

const isLater = (other: { seq?: number }, row: Row) =>
  (other.seq ?? 0) > (row.seq ?? Number.POSITIVE_INFINITY);

function checkSuperseded(place: string, row: Row, { before, after }: Step): void {
  const isTrue = isReplaced(place, row, after) || isReplaced(place, row, before);
  holds(isTrue, `${place} counts as superseded, and nothing newer has replaced it`);
}

function checkBusy(place: string, row: Row, { before, after }: Step): void {
  const isBusy = [before, after].some(({ rows }) =>
    [...rows].some(
      ([each, other]) =>
        each !== place &&
        other.custSpaceId === row.custSpaceId &&
        isActive(other) &&
        other.fingerprint !== row.fingerprint,
    ),
  );
  const isLed = row.lead !== undefined && before.rows.get(row.lead)?.code === 'CUSTOMER_BUSY';
  holds(isBusy || isLed, `${place} is busy, and no other data of its customer is on its way`);
}

/** A row is called for only if nobody decided otherwise, and only if it makes sense. */
export function checkMark(world: World, before: Snapshot): void {
  const { marked } = world.notes;
  if (marked === undefined) return;
  const { place } = marked;
  const row = before.rows.get(place);
  const facts = world.factsOf(batchOf(place));
  if (row === undefined) throw new Error(`${place} was marked, and does not exist`);
  holds(
    !facts.isCancelled && !facts.isPaused && !facts.isPurging && !facts.isGone,
    `${place} was marked in spite of a person`,
  );
  holds(
    !isUnnecessary(world, place, row, before),
    `${place} was marked, although the same data was submitted`,
  );
  const alike = (before.parked.get(row.custSpaceId) ?? []).filter(
    // One that a person has taken up again stands in nobody's way.
    (other) =>
      other.place !== place &&
      other.fingerprint === row.fingerprint &&
      before.rows.get(other.place)?.parked === true,
  );
  const inGeneration = alike.filter((other) => (other.generation ?? 1) === world.peer.generation);
  holds(inGeneration.length === 0, `${place} was marked, although the same data is parked`);
  const submitted = before.submitted.get(row.custSpaceId);
  const isOld =
    submitted &&
    submitted.fingerprint !== row.fingerprint &&
    (submitted.order ?? 0) > row.order &&
    submitted.generation === world.peer.generation;
  const isBold = row.redrive !== undefined && world.bold.has(`${batchOf(place)} ${row.redrive}`);
  holds(!isOld || isBold, `${place} was marked, although newer data was submitted`);
}
