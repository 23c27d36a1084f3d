/** Rows of text on their way into a file: as CSV that Excel opens as it is, as one JSON object per line, or as XLSX. */
import { once } from 'node:events';
import { type Duplex, Transform, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import { quoteFormulas } from '../source/formula-quote.ts';
import { xlsxTable } from './xlsx-table.ts';

export const RESULT_FORMATS = ['csv', 'ndjson', 'xlsx'] as const;
export type ResultFormat = (typeof RESULT_FORMATS)[number];

/**
 * A byte order mark, because Excel reads a file without one in the local encoding; nothing that runs as a formula; and
 * quotes around whatever some reader might trim or split, separators of other locales included.
 */
export const CSV_FOR_EXCEL = {
  bom: true,
  cast: { string: quoteFormulas },
  record_delimiter: 'windows',
  quoted_match: /^[\s\ufeff]|[\s\ufeff]$|[\r\n\v\f\u0085\u2028\u2029\t;|'"]/,
} as const;

const FORMATS: Record<ResultFormat, (columns: readonly string[]) => Duplex> = {
  csv: (columns) => stringify({ header: true, columns: columns.map(toColumn), ...CSV_FOR_EXCEL }),
  ndjson: (columns) => {
    const keys = distinct(columns).map((name) => `${JSON.stringify(name)}:`);
    return new Transform({
      writableObjectMode: true,
      transform(values: string[], _encoding, done) {
        done(null, `{${keys.map((key, index) => key + JSON.stringify(values[index] ?? '')).join(',')}}\n`);
      },
    });
  },
  xlsx: xlsxTable,
};

/** A column without a name is one all the same. */
const toColumn = (header: string, index: number) => ({ key: String(index), header });

/** Names of which none appears twice, as the keys of an object must be: `Note`, `Note_2`. */
function distinct(names: readonly string[]): string[] {
  const taken = new Set(names);
  const used = new Set<string>();
  return names.map((name) => {
    let own = name;
    for (let number = 2; used.has(own); number++) {
      const candidate = `${name}_${number}`;
      own = taken.has(candidate) ? name : candidate;
    }
    used.add(own);
    return own;
  });
}

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
