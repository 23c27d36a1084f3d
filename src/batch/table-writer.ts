/** Rows of text on their way into a file: as CSV that Excel opens as it is, as one JSON object per line, or as XLSX. */
import { once } from 'node:events';
import { type Duplex, Transform, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import { xlsxTable } from './xlsx-table.ts';

export const RESULT_FORMATS = ['csv', 'ndjson', 'xlsx'] as const;
export type ResultFormat = (typeof RESULT_FORMATS)[number];

/** A byte order mark, because Excel reads a file without one in the local encoding; and nothing that runs as a formula. */
export const CSV_FOR_EXCEL = { bom: true, escape_formulas: true, record_delimiter: 'windows' } as const;

const FORMATS: Record<ResultFormat, (columns: readonly string[]) => Duplex> = {
  csv: (columns) => stringify({ header: true, columns: [...columns], ...CSV_FOR_EXCEL }),
  ndjson: (columns) =>
    new Transform({
      writableObjectMode: true,
      transform(values: string[], _encoding, done) {
        const record = Object.fromEntries(columns.map((column, index) => [column, values[index]]));
        done(null, `${JSON.stringify(record)}\n`);
      },
    }),
  xlsx: xlsxTable,
};

export interface TableWriter {
  write(values: readonly string[]): Promise<void>;
  /** Resolves when everything is written and the output is closed. */
  end(): Promise<void>;
}

export function openTableWriter(
  output: Writable,
  columns: readonly string[],
  format: ResultFormat = 'csv',
): TableWriter {
  const table = FORMATS[format](columns);
  const isDone = pipeline(table, output);
  // A failure is seen at the next write or at the end; until then it must not end the process.
  isDone.catch(() => undefined);
  return {
    async write(values) {
      // Raced only if the output cannot keep up: each race leaves a reaction on `isDone` for as long as that lasts.
      if (!table.write(values)) await Promise.race([once(table, 'drain'), isDone]);
    },
    async end() {
      table.end();
      await isDone;
    },
  };
}
