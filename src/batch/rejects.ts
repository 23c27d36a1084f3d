/** The rows that `--skip-invalid` leaves out, in a file of the same shape plus a column with the reason. */
import type { RowProblem } from '../customer/validate.ts';
import type { SourceRow } from '../source/row.ts';
import { openAside, openOutputFile } from './output-file.ts';
import { checkOutputPlace, type OutputRules } from './output-place.ts';
import { resultFormatOf } from './result-format.ts';
import { openTableWriter, type TableWriter } from './table-writer.ts';

export interface Rejects extends AsyncDisposable {
  /** @throws AppError OUTPUT_UNWRITABLE at the first one */
  write(columns: readonly string[], row: SourceRow, problems: readonly RowProblem[]): Promise<void>;
  /**
   * Gives the file its name, once the whole source was read.
   * @param batch what the file is called after, if nobody has named it
   * @returns its path; undefined if nothing was rejected
   */
  publish(batch: string): Promise<string | undefined>;
}

export interface RejectsOrder extends OutputRules {
  /** By default a file in the working directory that is called after the batch. */
  path?: string | undefined;
}

interface RejectsFile {
  table: TableWriter;
  /** @returns the path */
  publish(batch: string): Promise<string>;
  dispose(): PromiseLike<void>;
}

/**
 * Looks at the place at once, but opens nothing until the first reject, so that a good file leaves no empty one behind.
 * @throws AppError OUTPUT_UNWRITABLE, OUTPUT_EXISTS, OUTPUT_IS_INPUT
 */
export async function openRejects({ path, ...rules }: RejectsOrder): Promise<Rejects> {
  if (path !== undefined) await checkOutputPlace(path, rules);
  let file: RejectsFile | undefined;
  return {
    async write(columns, row, problems) {
      const header = [...columns, 'error'];
      file ??= path === undefined ? await openUnnamed(header) : await openNamed(path, rules, header);
      const error = problems.map(({ column, message }) => `${column ?? 'row'} ${message}`).join('; ');
      await file.table.write([...columns.map((_, index) => row.values[index] ?? ''), error]);
    },
    async publish(batch) {
      await file?.table.end();
      return file?.publish(batch);
    },
    [Symbol.asyncDispose]: async () => file?.dispose(),
  };
}

async function openUnnamed(header: readonly string[]): Promise<RejectsFile> {
  const file = await openAside('.', 'The file of rejected rows');
  return {
    table: openTableWriter(file.stream, header),
    async publish(batch) {
      const path = `rejects-${batch}.csv`;
      await file.publishAs(path, false);
      return path;
    },
    dispose: () => file[Symbol.asyncDispose](),
  };
}

async function openNamed(path: string, rules: OutputRules, header: readonly string[]): Promise<RejectsFile> {
  const file = await openOutputFile(path, rules);
  return {
    table: openTableWriter(file.stream, header, resultFormatOf(path)),
    async publish() {
      await file.publish();
      return path;
    },
    dispose: () => file[Symbol.asyncDispose](),
  };
}
