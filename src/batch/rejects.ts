/** The rows that `--skip-invalid` leaves out, in a file of the same shape plus why. */
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import type { RowProblem } from '../customer/validate.ts';
import type { SourceRow } from '../source/row.ts';
import { openOutputFile } from './output-file.ts';

export interface Rejects {
  /** @throws AppError OUTPUT_UNWRITABLE at the first one */
  write(columns: readonly string[], row: SourceRow, problems: readonly RowProblem[]): Promise<void>;
  close(): Promise<void>;
}

/** Opens nothing until the first reject, so that a good file leaves no empty one behind. */
export function openRejects(path: string): Rejects {
  const csv = stringify({ bom: true, escape_formulas: true, record_delimiter: 'windows' });
  let isDone: Promise<void> | undefined;

  async function put(values: readonly string[]): Promise<void> {
    if (!csv.write(values)) await once(csv, 'drain');
  }

  return {
    async write(columns, row, problems) {
      if (isDone === undefined) {
        isDone = finished(csv.pipe(await openOutputFile(path)));
        await put([...columns, 'error']);
      }
      const error = problems.map(({ column, message }) => `${column ?? 'row'} ${message}`).join('; ');
      await put([...columns.map((_, index) => row.values[index] ?? ''), error]);
    },
    async close() {
      csv.end();
      await isDone;
    },
  };
}
