/** Everything still kept that happened to one customer, in any batch. */
import type { Batch } from '../ledger/batch-record.ts';
import type { CustomerFacts } from '../ledger/customer-facts.ts';
import type { LogEntry } from '../ledger/log.ts';
import type { Observation } from '../ledger/observations.ts';
import { ACTIVE_OUTCOMES } from '../ledger/outcome.ts';
import type { Place } from '../ledger/place.ts';
import { type Decision, decisionAbout, type Review, reviewOf } from '../ledger/review.ts';
import type { RowRecord } from '../ledger/row-record.ts';
import type { LedgerAccount } from '../onboarding/open-ledger.ts';
import { readCurrentObservation, readGeneration } from './current-observation.ts';
import { describeRow, hintOf } from './result-columns.ts';
import { isAbout } from './row-story.ts';

/** A customer that was imported very often is told from its newest rows. */
const ROWS_MAX = 200;

/** One row of the customer. */
export interface StoryRow {
  batch: Pick<Batch, 'id' | 'name' | 'kind' | 'by' | 'created' | 'state'>;
  row: number;
  /** Line of the file. */
  line: number;
  /** What became of it; times are milliseconds since 1970. */
  record: RowRecord;
  /** What the peer or a person said of it, or what another row has to do with it; empty for nothing. */
  message: string;
  hint: string;
  /** Absent if nothing of it was submitted. */
  review: Review | undefined;
  /** What people did to this row. */
  log: LogEntry[];
}

/** Everything that an account still keeps about one customer. */
export interface CustomerStory {
  custSpaceId: string;
  /** The submit that counts. */
  submitted: (CustomerFacts['submitted'] & { isOfFormerPeer: boolean }) | undefined;
  /** The review of that submit. */
  review: Review | undefined;
  /** What people recorded about reviews of any of its submits, oldest first. */
  decisions: Decision[];
  /** What the peer listed of the customer, if anybody looked: never a review, and it may be about an earlier submit. */
  observation: Observation | undefined;
  /** The row that has the customer now. */
  claim: Place | undefined;
  /** Attempts whose outcome nobody knows. */
  parked: CustomerFacts['parked'];
  /** Oldest first. */
  rows: StoryRow[];
  /** Older rows that are left out here. */
  left: number;
}

/** @returns undefined if nothing is known of the customer */
export async function readStory(
  open: Pick<LedgerAccount, 'ledger' | 'redis' | 'account'>,
  custSpaceId: string,
): Promise<CustomerStory | undefined> {
  const { ledger } = open;
  const [facts, observation] = await Promise.all([
    ledger.readCustomer(custSpaceId),
    readCurrentObservation(open, custSpaceId),
  ]);
  const { submitted, decisions, claim, parked } = facts;
  if (submitted === undefined && facts.rows.length === 0) return undefined;
  const places = facts.rows.slice(-ROWS_MAX);
  const rows = await Promise.all(places.map((place) => readStoryRow(ledger, facts, place)));
  const told = rows.filter((row) => row !== undefined);
  const decision = submitted && decisionAbout(submitted, decisions);
  const generation = await readGeneration(open);
  const holder = told.find(({ batch, row }) => batch.id === claim?.batchId && row === claim.row);
  return {
    custSpaceId,
    submitted: submitted && { ...submitted, isOfFormerPeer: submitted.generation !== generation },
    review: submitted && { review: decision?.as ?? 'awaited', decision },
    decisions,
    observation,
    // A row that is over holds nothing.
    claim: holder && isActive(holder.record.outcome) ? claim : undefined,
    parked,
    rows: told,
    left: facts.rows.length - places.length,
  };
}

const isActive = (outcome: RowRecord['outcome']) => ACTIVE_OUTCOMES.includes(outcome);

/** @returns undefined if the row was purged meanwhile */
async function readStoryRow(
  ledger: LedgerAccount['ledger'],
  facts: CustomerFacts,
  place: Place,
): Promise<StoryRow | undefined> {
  const { batchId, row } = place;
  const [batch, stored, log] = await Promise.all([
    ledger.readBatch(batchId),
    ledger.readRow(batchId, row),
    ledger.readLog(batchId),
  ]);
  if (batch === undefined || stored === undefined) return undefined;
  const { id, name, kind, by, created, state } = batch;
  const { record, input } = stored;
  return {
    batch: { id, name, kind, by, created, state },
    row,
    line: input.line,
    record,
    message: describeRow(record),
    hint: hintOf(record),
    review: reviewOf(record, place, facts),
    log: log.filter((entry) => isAbout(entry, row)),
  };
}
