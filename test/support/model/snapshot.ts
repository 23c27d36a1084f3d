/** What the ledger of an account holds, read as it is stored: not by the code that is being tested. */
import { z } from 'zod';
import { OUTCOMES, type Outcome } from '../../../src/ledger/outcome.ts';
import type { RedisClient } from '../../../src/redis/connect.ts';
import { ledgerKey } from '../../../src/redis/keys.ts';
import { defineScript } from '../../../src/redis/script.ts';

/** All codes that rows of the model can have. */
export const CODES = [
  'REFUSED',
  'PEER_UNAVAILABLE',
  'SUBMIT_OUTCOME_UNKNOWN',
  'CUSTOMER_BUSY',
  'CUSTOMER_PARKED',
  'CUSTOMER_UNPARKED',
  'SETTLED_AS_FAILED',
  'SUPERSEDED',
];

export interface Row {
  outcome: Outcome;
  custSpaceId: string;
  fingerprint: string;
  order: number;
  attempts?: number;
  ambiguous?: number;
  unknown?: boolean;
  token?: string;
  seq?: number;
  generation?: number;
  code?: string;
  class?: string;
  parked?: boolean;
  superseded?: boolean;
  lead?: string;
  redrive?: number;
  notBefore?: number;
}

/** A fact about a customer: a submit that succeeded, or one whose outcome is unknown. */
export interface Fact {
  place: string;
  fingerprint: string;
  seq: number;
  order?: number;
  generation?: number;
  count?: number;
}

interface StoredBatch {
  keys: number;
  hash: Record<string, string>;
  rows: Record<string, string>;
  codes: Record<string, string>;
  inputs: number;
  indexes: string[];
  gone: number;
  listed: number;
}

export type BatchSeen = Omit<StoredBatch, 'rows' | 'indexes'> & {
  rows: Map<string, Row>;
  /** The rows that each index names. */
  indexes: Map<string, number[]>;
};

export interface Snapshot {
  batches: Map<string, BatchSeen>;
  /** All rows by place. */
  rows: Map<string, Row>;
  claims: Map<string, string>;
  submitted: Map<string, Fact>;
  parked: Map<string, Fact[]>;
  rowsOf: Map<string, string[]>;
  waiters: Map<string, string[]>;
  recoverable: Set<string>;
  /** Customers whose reviews are awaited. */
  awaited: Set<string>;
  /** What was decided about submits, by customer. */
  reviews: Map<string, Pick<Fact, 'place' | 'seq'>[]>;
}

type Stored = Record<
  'claims' | 'submitted' | 'parked' | 'rowsOf' | 'waiters' | 'reviews',
  Record<string, string>
> & {
  batches: Record<string, StoredBatch>;
  recoverable: Record<string, 1>;
  awaited: Record<string, 1>;
};

const script = defineScript(new URL('./snapshot.lua', import.meta.url), {
  decode: (fields) => JSON.parse(z.string().parse(fields.snapshot)) as Stored,
});
const INDEXES = [...OUTCOMES.map((outcome) => `is:${outcome}`), ...CODES.map((code) => `code:${code}`)];
const LOOKED_FOR = JSON.stringify(INDEXES);

export async function readSnapshot(
  redis: RedisClient,
  account: string,
  batchIds: readonly string[],
): Promise<Snapshot> {
  const stored = await script.run(redis, [ledgerKey(account)], [LOOKED_FOR, ...batchIds]);
  const batches = new Map(Object.entries(stored.batches).map(([id, batch]) => [id, seen(batch)]));
  const places = [...batches].flatMap(([id, { rows }]) =>
    [...rows].map(([row, record]): [string, Row] => [`${id} ${row}`, record]),
  );
  return {
    batches,
    rows: new Map(places),
    claims: parsed(stored.claims, (text) => text),
    submitted: parsed(stored.submitted, (text): Fact => JSON.parse(text)),
    parked: parsed(stored.parked, (text): Fact[] => JSON.parse(text)),
    rowsOf: parsed(stored.rowsOf, (text) => text.split(',')),
    waiters: parsed(stored.waiters, (text) => text.split(',')),
    recoverable: new Set(Object.keys(stored.recoverable)),
    awaited: new Set(Object.keys(stored.awaited)),
    reviews: parsed(stored.reviews, (text) => JSON.parse(text)),
  };
}

function seen(batch: StoredBatch): BatchSeen {
  const indexes = batch.indexes.map((hex, index): [string, number[]] => [INDEXES[index] ?? '', bitsOf(hex)]);
  return { ...batch, rows: parsed(batch.rows, (text): Row => JSON.parse(text)), indexes: new Map(indexes) };
}

/** The numbers of the bits that are set; Redis counts them from the left. */
function bitsOf(hex: string): number[] {
  const bits = [...hex].map((digit) => Number.parseInt(digit, 16).toString(2).padStart(4, '0')).join('');
  return [...bits].flatMap((bit, number) => (bit === '1' ? [number] : []));
}

function parsed<T>(hash: Record<string, string>, parse: (text: string) => T): Map<string, T> {
  return new Map(Object.entries(hash).map(([field, text]) => [field, parse(text)]));
}

/** A row that has its customer: it is active, and waits for no other. */
export const isWorked = ({ outcome }: Row) =>
  outcome === 'pending' || outcome === 'uploading' || outcome === 'uploaded' || outcome === 'submitting';

export const isActive = (row: Row) => isWorked(row) || row.outcome === 'waiting';

export const batchOf = (place: string) => place.slice(0, place.indexOf(' '));

/** A row as the figures name it: `failed SUPERSEDED`, `waiting in doubt`. */
export function kindOf({ outcome, code, parked, superseded, unknown }: Row): string {
  const more = [
    outcome === 'failed' && code,
    parked && 'parked',
    superseded && 'superseded',
    unknown && 'in doubt',
  ];
  return [outcome, ...more].filter(Boolean).join(' ');
}
