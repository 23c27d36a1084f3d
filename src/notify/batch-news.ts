/** What there is to tell of a batch, compared with what was told of it. Pure. */
import { z } from 'zod';
import type { Batch } from '../ledger/batch-record.ts';
import type { News } from './conditions.ts';
import type { Facts } from './events.ts';

/** Rows that are parked after others of their batch are told together with those that follow, after this time. */
const PARKED_EVERY_MS = 10 * 60_000;

export const toldOfBatchSchema = z.object({
  /** The counts with which it was finished when that was told last. */
  finished: z.string().optional(),
  /** When the pause began that was told last, in milliseconds since 1970. */
  pausedAt: z.number().optional(),
  /** Parked rows that are known. */
  parked: z.number().default(0),
  parkedToldAt: z.number().default(0),
});
export type ToldOfBatch = z.output<typeof toldOfBatchSchema>;

const NOTHING: ToldOfBatch = { parked: 0, parkedToldAt: 0 };

export interface Compared {
  news: News[];
  told: ToldOfBatch;
}

interface Looked {
  told: ToldOfBatch | undefined;
  /** Since when anybody is told at all: what is older is taken as known. */
  begun: number;
  /** Milliseconds since 1970, like the others. */
  now: number;
}

export function newsOf(batch: Batch, { told, begun, now }: Looked): Compared {
  const known = told ?? (batch.created < begun ? { ...NOTHING, parked: batch.parked } : NOTHING);
  const all = [
    finishedNews(batch, known, begun),
    pausedNews(batch, known, begun),
    parkedNews(batch, known, now),
  ];
  return {
    news: all.flatMap(({ news }) => news),
    told: Object.assign({ ...known }, ...all.map((part) => part.told)),
  };
}

interface Part {
  news: News[];
  told: Partial<ToldOfBatch>;
}

const SAME: Part = { news: [], told: {} };

/** A batch may finish again after a retry; it is told again only if that has changed something. */
function finishedNews(
  { id, state, finished, counts, total }: Batch,
  known: ToldOfBatch,
  begun: number,
): Part {
  if (state !== 'finished' || finished === undefined) return SAME;
  const facts: Facts = { batch: id, total, ...counts };
  const text = JSON.stringify(counts);
  if (text === known.finished) return SAME;
  const news = { type: 'batch.finished', at: finished, about: [id, finished], facts } as const;
  return { news: finished < begun ? [] : [news], told: { finished: text } };
}

function pausedNews(
  { id, state, pausedAt, pausedBy, pausedWhy }: Batch,
  known: ToldOfBatch,
  begun: number,
): Part {
  if (state !== 'paused' || pausedAt === undefined || pausedAt === known.pausedAt) return SAME;
  const facts: Facts = {
    batch: id,
    ...(pausedWhy === undefined ? {} : { why: pausedWhy }),
    ...(pausedBy === undefined || pausedWhy !== undefined ? {} : { by: pausedBy }),
  };
  const news = { type: 'batch.paused', at: pausedAt, about: [id, pausedAt], facts } as const;
  return { news: pausedAt < begun ? [] : [news], told: { pausedAt } };
}

function parkedNews({ id, parked }: Batch, known: ToldOfBatch, now: number): Part {
  if (parked <= known.parked) return { news: [], told: { parked } };
  if (Math.abs(now - known.parkedToldAt) < PARKED_EVERY_MS) return SAME;
  const about = [id, parked, known.parkedToldAt];
  const news = { type: 'row.parked', at: now, about, facts: { batch: id, parked } } as const;
  return { news: [news], told: { parked, parkedToldAt: now } };
}
