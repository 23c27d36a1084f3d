/** What is known of each customer agrees with its rows, and with what the peer accepted. */
import { equal, holds } from './rules-batches.ts';
import { type Fact, isActive, isWorked, type Row, type Snapshot } from './snapshot.ts';
import type { World } from './world.ts';

type Placed = [place: string, row: Row];

export function checkCustomers(world: World, snapshot: Snapshot): void {
  const rowsOf = new Map<string, Placed[]>();
  for (const [place, row] of snapshot.rows)
    rowsOf.set(row.custSpaceId, [...(rowsOf.get(row.custSpaceId) ?? []), [place, row]]);
  for (const [customer, rows] of rowsOf) {
    checkClaim(customer, rows, snapshot);
    checkWaiting(customer, rows, snapshot);
    checkParked(customer, rows, snapshot);
    checkFollowers(customer, rows, snapshot);
    equal(
      (snapshot.rowsOf.get(customer) ?? []).toSorted().join(),
      places(rows),
      `the list of rows of ${customer}`,
    );
  }
  for (const customer of new Set([...world.successes.keys(), ...snapshot.submitted.keys()]))
    checkSubmitted(world, customer, snapshot);
  for (const [place, row] of snapshot.rows) {
    checkRow(row);
    checkOwnSuccess(world, place, row, snapshot);
  }
  checkDoubt(world, snapshot);
}

const places = (rows: Placed[]) =>
  rows
    .map(([place]) => place)
    .toSorted()
    .join();

/** One row at most has a customer: the one that holds the claim. */
function checkClaim(customer: string, rows: Placed[], { claims }: Snapshot): void {
  const worked = rows.filter(([, row]) => isWorked(row));
  holds(worked.length <= 1, `${customer} is on its way twice: ${places(worked)}`);
  const [first] = worked;
  if (first) equal(claims.get(customer), first[0], `the claim of ${customer}`);
}

function checkWaiting(customer: string, rows: Placed[], { waiters }: Snapshot): void {
  const waiting = rows.filter(([, row]) => row.outcome === 'waiting');
  const listed = waiters.get(customer) ?? [];
  equal(listed.toSorted().join(), places(waiting), `the list of rows that wait for ${customer}`);
}

/** Every parked row, and besides only rows in doubt that a person has taken up again. */
function checkParked(customer: string, rows: Placed[], { parked }: Snapshot): void {
  const entries = parked.get(customer) ?? [];
  const entered = rows.filter(([each]) => entries.some(({ place }) => place === each));
  equal(entered.length, entries.length, `the rows of the parked attempts of ${customer}`);
  for (const [place, row] of rows)
    if (row.parked)
      holds(
        entered.some(([each]) => each === place),
        `no attempt of ${place} is parked`,
      );
  for (const [place, row] of entered) {
    if (row.parked) equal(row.outcome, 'failed', `the outcome of the parked row ${place}`);
    else holds(isActive(row) && row.unknown === true, `${place} is parked, but is ${row.outcome}`);
    const entry = entries.find((each) => each.place === place);
    if (row.parked)
      equal(
        `${entry?.seq} ${entry?.fingerprint}`,
        `${row.seq ?? 0} ${row.fingerprint}`,
        `what is parked of ${place}`,
      );
  }
}

/** A row that fails because another is parked names one that is, or that a person has taken up again in its doubt. */
function checkFollowers(customer: string, rows: Placed[], { parked }: Snapshot): void {
  const undecided = (parked.get(customer) ?? []).map(({ place }) => place);
  for (const [place, { outcome, code, lead = '' }] of rows)
    if (outcome === 'failed' && code === 'CUSTOMER_PARKED')
      holds(undecided.includes(lead), `${place} says that ${lead} is parked, which it is not`);
}

/** The success that was marked last. */
function checkSubmitted(world: World, customer: string, { submitted }: Snapshot): void {
  const known = world.successes.get(customer) ?? [];
  const [newest] = known.toSorted((a, b) => b.seq - a.seq);
  const text = (fact: Fact | undefined) =>
    fact && `${fact.place} seq ${fact.seq} ${fact.fingerprint} generation ${fact.generation}`;
  const fact = submitted.get(customer);
  equal(text(fact), text(newest), `what was submitted last of ${customer}`);
  equal(fact?.count, known.length, `the number of submits of ${customer}`);
}

function checkRow({ outcome, attempts = 0, ambiguous = 0, token, parked, lead }: Row): void {
  holds(attempts >= 0 && ambiguous >= 0, 'attempts are negative');
  holds(
    (outcome === 'submitting') === (token !== undefined),
    `a row that is ${outcome} has the token ${token}`,
  );
  holds(!parked || outcome === 'failed', `a row that is ${outcome} is parked`);
  holds(outcome !== 'waiting' || lead !== undefined, 'a waiting row does not say for which it waits');
}

/** No row is called anything else when its own submit is the one that counts, unless another of it is under way. */
function checkOwnSuccess(world: World, place: string, row: Row, { submitted }: Snapshot): void {
  const fact = submitted.get(row.custSpaceId);
  if (fact?.place !== place || fact.fingerprint !== row.fingerprint) return;
  if (fact.generation !== world.peer.generation || row.outcome === 'submitting') return;
  equal(row.outcome, 'submitted', `the outcome of ${place}, which was submitted with seq ${fact.seq}`);
}

/** A submit that was accepted without our knowing is in somebody's view until it is decided, or replaced. */
function checkDoubt(world: World, snapshot: Snapshot): void {
  for (const arrival of world.peer.accepted) {
    const { place, custSpaceId, seq } = arrival;
    const row = snapshot.rows.get(place);
    const isReplaced = (snapshot.submitted.get(custSpaceId)?.seq ?? 0) > seq;
    // Then the same data has been accepted, at one time or another.
    if (row?.outcome === 'submitted' || row?.outcome === 'unchanged') arrival.isResolved = true;
    const isOnItsWay = row?.outcome === 'submitting' && row.seq === seq;
    const isInDoubt = row?.unknown === true && (isActive(row) || row.parked === true);
    holds(
      arrival.isResolved || isReplaced || isOnItsWay || isInDoubt,
      `${place} was accepted with seq ${seq}, and nobody wonders: it is ${row?.outcome}`,
    );
  }
  checkDoubles(world, snapshot);
}

/** The same data reaches the peer twice only where a doubt about the first time is on record. */
function checkDoubles(world: World, snapshot: Snapshot): void {
  const latest = new Map<string, string>();
  const doubles = new Map<string, number>();
  const times = new Map<string, number>();
  for (const { place, custSpaceId, fingerprint, generation } of world.peer.accepted) {
    const data = `${fingerprint} ${generation}`;
    if (latest.get(custSpaceId) === data) doubles.set(custSpaceId, (doubles.get(custSpaceId) ?? 0) + 1);
    latest.set(custSpaceId, data);
    times.set(place, (times.get(place) ?? 0) + 1);
  }
  for (const [customer, count] of doubles) {
    const excuses = world.excuses.get(customer) ?? 0;
    holds(
      count <= excuses,
      `${customer} was sent ${count} times too often, with ${excuses} doubts on record`,
    );
  }
  for (const [place, count] of times) {
    const { ambiguous = 0 } = snapshot.rows.get(place) ?? { ambiguous: count };
    holds(count - 1 <= ambiguous, `${place} was accepted ${count} times, with ${ambiguous} doubts on record`);
  }
}
