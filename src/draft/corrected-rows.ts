/** The rows of a draft as a person has corrected them, read one after the other. */
import { inputOf, type SourceOrder } from '../batch/source-order.ts';
import { openTable } from '../batch/table.ts';
import type { Columns } from '../customer/columns.ts';
import type { InputField } from '../customer/fields.ts';
import { HEADER_ROWS_MAX } from '../customer/header.ts';
import type { SourceRow } from '../source/row.ts';
import type { OpenDraft } from './drafts.ts';

/** How the files of a draft are read. */
export type Reading = Pick<SourceOrder, 'format' | 'encoding' | 'delimiter' | 'sheet' | 'headerRow' | 'map'>;

export interface DraftRow {
  /** Counted from 1, rows that are left out included. */
  number: number;
  /** As it is in the file. */
  given: SourceRow;
  /** As a person has corrected it. */
  row: SourceRow;
  isLeftOut: boolean;
}

export interface CorrectedTable {
  columns: Columns;
  /** Line of the header; 0 where the keys of objects are. */
  line: number;
  rows: AsyncGenerator<DraftRow>;
}

/** What is found on the way to the first row, also where there is none. */
export interface Seen {
  /** How the source is read. */
  notes: string[];
  /** The first rows as they are. */
  sample: string[][];
  /** Of a workbook. */
  sheets?: string[];
}

/** @throws AppError INPUT_… , USAGE if it cannot be read as it is meant */
export async function openCorrected(
  draft: Pick<OpenDraft, 'table' | 'cells' | 'leftOut'>,
  reading: Reading,
  seen: Seen = { notes: [], sample: [] },
): Promise<CorrectedTable> {
  const { source, onHeader, ...header } = inputOf({
    ...reading,
    from: { path: draft.table },
    agreements: '',
    onRecognised: (notes) => seen.notes.push(...notes),
    onSheets: (names) => {
      seen.sheets = names;
    },
  });
  const { columns, notes, line, rows } = await openTable(sampled(source, seen.sample), header);
  onHeader?.(notes);
  return { columns, line, rows: corrected(rows, columns, draft) };
}

async function* sampled(rows: AsyncIterable<SourceRow>, sample: string[][]): AsyncGenerator<SourceRow> {
  for await (const row of rows) {
    if (sample.length < HEADER_ROWS_MAX) sample.push(row.values);
    yield row;
  }
}

async function* corrected(
  rows: AsyncIterable<SourceRow>,
  columns: Columns,
  { cells, leftOut }: Pick<OpenDraft, 'cells' | 'leftOut'>,
): AsyncGenerator<DraftRow> {
  const isLeftOut = new Set(leftOut);
  let number = 0;
  for await (const given of rows) {
    number++;
    const row = correct(given, columns, cells[number]);
    yield { number, given, row, isLeftOut: isLeftOut.has(number) };
  }
}

/** What a person has typed is certain, whatever the cell of the file was. */
export function correct(
  row: SourceRow,
  { indexOf }: Columns,
  cells: Partial<Record<InputField, string>> | undefined,
): SourceRow {
  if (cells === undefined) return row;
  const values = [...row.values];
  const typed = new Set<number>();
  for (const [field, value] of Object.entries(cells) as [InputField, string][]) {
    values[indexOf[field]] = value;
    typed.add(indexOf[field]);
  }
  const whole = Array.from(values, (value) => value ?? '');
  return { ...row, values: whole, refused: row.refused?.filter(({ index }) => !typed.has(index)) ?? [] };
}

/** The corrected rows that are wanted, with their header: as an import takes them. */
export async function* rowsToImport({ columns, line, rows }: CorrectedTable): AsyncGenerator<SourceRow> {
  yield { line, values: columns.names };
  for await (const { row, isLeftOut } of rows) if (!isLeftOut) yield row;
}
