/** Compares what is true of an account with what was told of it, and tells the difference. */
import type { Batch } from '../ledger/batch-record.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { countActive } from '../ledger/outcome.ts';
import type { Breaker } from '../pace/breaker.ts';
import type { Heartbeats, Presence } from '../pace/heartbeats.ts';
import type { Outage } from '../pace/outage.ts';
import type { Pause } from '../pace/pause.ts';
import type { RedisClient } from '../redis/connect.ts';
import { accountKeys, type PeerKind } from '../redis/keys.ts';
import { newsOf, toldOfBatchSchema } from './batch-news.ts';
import { type Condition, follow, type News, type Present, standingSchema } from './conditions.ts';
import { type AlertEvent, type Facts, idOf } from './events.ts';
import { Told } from './told.ts';

const BATCH = 'batch:';
const REVIEWS = 'reviews';
const DAY_MS = 86_400_000;

export interface AlertTiming {
  /** Time between two looks, in milliseconds. */
  everyMs: number;
  /** How long an outage lasts before it is told, in milliseconds. */
  outageMs: number;
  /** How long rows wait without a worker before it is told, in milliseconds. */
  absentMs: number;
  /** How long a trouble stays away before it is over, in milliseconds. */
  awayMs: number;
  /** How long Redis does not answer before it is told, in milliseconds. */
  unreachableMs: number;
}

/** What of an account is looked at. */
export interface WatchedAccount {
  account: { name: string; peer: PeerKind; ledger: string };
  redis: RedisClient;
  ledger: Pick<Ledger, 'listMarks' | 'readBatch' | 'countAwaited'>;
  breaker: Pick<Breaker, 'read'>;
  outage: Pick<Outage, 'read'>;
  pause: Pick<Pause, 'read'>;
  heartbeats: Pick<Heartbeats, 'list'>;
  settings: { reviewDays: number };
}

/** Raises an event; when it resolves, the event is not lost any more. */
export type Raise = (event: AlertEvent) => Promise<void>;

/** Marks of batches that were compared before, by account: nothing is read of what has not changed. */
export type KnownMarks = Map<string, string>;

interface Look {
  watched: WatchedAccount;
  told: Told;
  tell: (news: readonly News[]) => Promise<void>;
  timing: AlertTiming;
  now: number;
}

export async function lookAtAccount(
  watched: WatchedAccount,
  { timing, raise, known }: { timing: AlertTiming; raise: Raise; known: KnownMarks },
): Promise<void> {
  const { account, redis, heartbeats, breaker, pause, outage } = watched;
  const presence = await heartbeats.list();
  const { now } = presence;
  const told = new Told(redis, accountKeys(account.ledger).told);
  const begun = await told.read(now);
  const { name, peer, ledger } = account;
  const tell = async (news: readonly News[]) => {
    for (const { type, at, about, facts } of news)
      await raise({ id: idOf(type, ledger, ...about), type, at, account: name, peer, facts });
  };
  const look: Look = { watched, told, tell, timing, now };
  await followOne(look, 'breaker', presentBreaker(await breaker.read()));
  await followOne(look, 'wentBack', presentWentBack(await pause.read()));
  await followOne(look, 'outage', presentOutage(await outage.read()));
  const unfinished = await lookAtBatches(look, { begun, known });
  await followOne(look, 'workers', await presentAbsence(watched, { presence, unfinished }));
  await lookAtReviews(look);
}

const conditionOf = ({ outageMs, absentMs, awayMs }: AlertTiming): Record<string, Condition> => ({
  breaker: { began: 'breaker.opened', ended: 'breaker.closed', afterMs: 0, awayMs },
  wentBack: { began: 'ledger.went_back', afterMs: 0, awayMs },
  outage: { began: 'outage.began', ended: 'outage.ended', afterMs: outageMs, awayMs },
  workers: { began: 'workers.absent', afterMs: absentMs, awayMs },
});

async function followOne(look: Look, field: string, present: Present | undefined): Promise<void> {
  const { told, tell, timing, now } = look;
  const condition = conditionOf(timing)[field];
  if (condition === undefined) return;
  const before = told.of(field, standingSchema);
  const { news, after } = follow(condition, { before, present, now });
  await tell(news);
  await told.remember(field, after);
}

/** Customers sign up all the time, so that some review is nearly always overdue: it is told once a day (UTC). */
async function lookAtReviews({ watched, told, tell, timing, now }: Look): Promise<void> {
  const { ledger, settings } = watched;
  const { overdue: reviews, overdueDays: days } = await ledger.countAwaited({
    now,
    overdueDays: settings.reviewDays,
  });
  const since = Math.floor(now / DAY_MS) * DAY_MS;
  const standing = told.of(REVIEWS, standingSchema);
  const { news, after } = follow(
    { began: 'review.overdue', afterMs: 0, awayMs: timing.awayMs },
    {
      before: standing?.since === since ? standing : undefined,
      present: reviews > 0 ? { since, facts: { reviews, days } } : undefined,
      now,
    },
  );
  await tell(news);
  await told.remember(REVIEWS, after);
}

function presentBreaker(open: Awaited<ReturnType<Breaker['read']>>): Present | undefined {
  return open && { since: open.since, facts: { code: open.code, hint: open.hint } };
}

function presentWentBack(fact: Awaited<ReturnType<Pause['read']>>): Present | undefined {
  const isForgetful = fact?.why === 'LEDGER_WENT_BACK' || fact?.why === 'LEDGER_EMPTY';
  return isForgetful ? { since: fact.at, facts: {} } : undefined;
}

function presentOutage(open: Awaited<ReturnType<Outage['read']>>): Present | undefined {
  return open && { since: open.since, facts: { operation: open.operation, code: open.code } };
}

/** @returns batches to which something still happens */
async function lookAtBatches(
  { watched, told, tell, now }: Look,
  { begun, known }: { begun: number; known: KnownMarks },
): Promise<string[]> {
  const marks = (await watched.ledger.listMarks()).filter(({ isGoing }) => !isGoing);
  for (const { id, text } of marks) {
    if (known.get(id) === text) continue;
    const batch = await readBatch(watched, id);
    if (batch === undefined) continue;
    const before = told.of(`${BATCH}${id}`, toldOfBatchSchema);
    const compared = newsOf(batch, { told: before, begun, now });
    await tell(compared.news);
    await told.remember(`${BATCH}${id}`, compared.told);
    // Rows that are parked may still have to be told, later.
    if (compared.told.parked >= batch.parked) known.set(id, text);
  }
  const there = new Set(marks.map(({ id }) => id));
  for (const id of known.keys()) if (!there.has(id)) known.delete(id);
  for (const field of told.fieldsFrom(BATCH))
    if (!there.has(field.slice(BATCH.length))) await told.remember(field, undefined);
  return marks.filter(({ isFinished }) => !isFinished).map(({ id }) => id);
}

/** Rows that could be sent, and nobody to send them. What people or the peer hold needs no worker. */
async function presentAbsence(
  watched: WatchedAccount,
  { presence, unfinished }: { presence: Presence; unfinished: readonly string[] },
): Promise<Present | undefined> {
  const { workers, lastSeen, now } = presence;
  if (workers.length > 0 || unfinished.length === 0) return undefined;
  const isHeld = (await watched.pause.read()) !== undefined || (await watched.breaker.read()) !== undefined;
  if (isHeld) return undefined;
  let rows = 0;
  for (const id of unfinished) rows += countWaiting(await readBatch(watched, id), now);
  if (rows === 0) return undefined;
  const facts: Facts = { rows };
  if (lastSeen !== undefined) facts.lastSeen = new Date(lastSeen).toISOString();
  return { facts };
}

/** A batch that cannot be read hides no other. */
function readBatch({ ledger }: WatchedAccount, id: string): Promise<Batch | undefined> {
  return ledger.readBatch(id).catch(() => undefined);
}

function countWaiting(batch: Batch | undefined, now: number): number {
  if (batch?.state !== 'running' || (batch.notBefore ?? 0) > now) return 0;
  return countActive(batch.counts);
}
