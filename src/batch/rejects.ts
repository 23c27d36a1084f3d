/** The rows that `--skip-invalid` leaves out, in a file of the same shape plus a column with the reason. */
import type { RowProblem } from '../customer/validate.ts';
import type { SourceRow } from '../source/row.ts';
import { openOutputFile } from './output-file.ts';
import { resultFormatOf } from './result-format.ts';
import { openTableWriter, type TableWriter } from './table-writer.ts';

export interface Rejects {
  /** @throws AppError OUTPUT_UNWRITABLE at the first one */
  write(columns: readonly string[], row: SourceRow, problems: readonly RowProblem[]): Promise<void>;
  close(): Promise<void>;
}

/** Opens nothing until the first reject, so that a good file leaves no empty one behind. */
export function openRejects(path: string): Rejects {
  let table: TableWriter | undefined;
  return {
    async write(columns, row, problems) {
      table ??= openTableWriter(await openOutputFile(path), [...columns, 'error'], resultFormatOf(path));
      const error = problems.map(({ column, message }) => `${column ?? 'row'} ${message}`).join('; ');
      await table.write([...columns.map((_, index) => row.values[index] ?? ''), error]);
    },
    async close() {
      await table?.end();
    },
  };
}
