/** What the API answers of drafts: imports that are still being corrected. */
import type { RowError } from './types.ts';

/** How the file is read where that is not what was guessed. */
export interface DraftOptions {
  name?: string;
  account?: string;
  sheet?: string;
  /** Null takes a choice back, in a change. */
  encoding?: string | null;
  headerRow?: number;
  /** By our field, the name of the column. */
  map?: Record<string, string>;
}

export interface DraftRow {
  row: number;
  line: number;
  cells: Record<string, string>;
  isLeftOut: boolean;
  problems: RowError[];
  warnings: RowError[];
}

export interface Draft {
  id: string;
  name: string;
  created: string;
  expires: string;
  /** As which it was registered; then nothing of it can be registered any more. */
  batch?: string;
  /** That batch is gone. */
  isPurged?: boolean;
  options: DraftOptions;
  /** How it was read. */
  notes: string[];
  columns: { name: string; field?: string }[];
  fields: { field: string; column?: string }[];
  /** Of a workbook. */
  sheets?: string[];
  sample: string[][];
  /** Why the file cannot be read as customers; then there are no rows. */
  problem?: { code: string; message: string; hint: string };
  rows: { total: number; good: number; bad: number; leftOut: number };
  agreements: { files: number; unused: string[] };
  /** Who gets it. */
  peer?: string;
  etaSeconds?: number;
  page: DraftRow[];
  next: string | null;
}

export type DraftHead = Pick<Draft, 'id' | 'name' | 'created' | 'expires' | 'batch' | 'isPurged'>;

export interface DraftChange {
  cells?: { row: number; column: string; value: string }[];
  leaveOut?: number[];
  takeBack?: number[];
  options?: DraftOptions;
}
