/** Where the rows of a batch come from, and where their agreements are. */
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { countColumns } from '../customer/count-columns.ts';
import type { HeaderOptions } from '../customer/header.ts';
import { inLine } from '../printable.ts';
import type { SourceFormat } from '../source/detect.ts';
import { openSource } from '../source/open-source.ts';
import type { SourceRow } from '../source/row.ts';
import type { InvalidRowSink, ValidationInput, WarningSink } from './validate-source.ts';

/** What is read, and how. */
export interface SourceOrder extends HeaderOptions {
  /** A file, a stream of bytes with a name for people, or rows that somebody has read already, the header first. */
  from:
    | { path: string }
    | { stream: Readable; name: string }
    | { rows: AsyncIterable<SourceRow>; name: string };
  /** By default what the first bytes say, then the file's extension; CSV if neither is known. */
  format?: SourceFormat;
  /** A label of the WHATWG Encoding Standard, or `utf-32`; by default what the bytes prove, else UTF-8. */
  encoding?: string;
  /** Column separator of a CSV file; by default the one that its first lines use. */
  delimiter?: string;
  /** Name of the sheet of a workbook; by default the first visible one with our columns. */
  sheet?: string | undefined;
  /** Folder of the signed agreements named in the column `IsvTerms`, or a zip of it. */
  agreements: string;
  /** Whether an agreement that is truncated or encrypted makes its row bad; by default it is a warning. */
  strictPdf?: boolean;
  /** Called with what should be looked at in good rows, in the order of the source. */
  onWarning?: WarningSink;
  /** Called with every bad row, in the order of the source. */
  onInvalid?: InvalidRowSink;
  /** Called, before any row, with how the source is read that is not what we document first; empty for such a source. */
  onRecognised?: (notes: string[]) => void;
  /** Called with what the visible sheets of a workbook are called, before any row. */
  onSheets?: (names: string[]) => void;
  /** Called with what a person should know who looks at the files, one sentence at a time. */
  onRemark?: (remark: string) => void;
}

/** What `validateSource` needs of an order. The rows throw AppError INPUT_… while they are read. */
export function inputOf(order: SourceOrder): Omit<ValidationInput, 'folder'> {
  const { from, format, encoding, delimiter, sheet, map, headerRow, onRecognised, onRemark } = order;
  const { onSheets } = order;
  const notes: string[] = [];
  const source =
    'rows' in from
      ? from.rows
      : openSource(from, {
          ...{ format, encoding, delimiter, sheet, onRemark, onSheets },
          onNote: (note) => notes.push(note),
          countColumns: (cells) => countColumns(cells, map),
        });
  // The source has said how it is read when its first row is there.
  const onHeader = (more: string[]) =>
    onRecognised?.([...(notes.length > 0 ? [notes.join(', ')] : []), ...more]);
  return { source, map, headerRow, onHeader };
}

/** The name of the source, for people. */
export function nameOf({ from }: Pick<SourceOrder, 'from'>): string {
  return inLine('path' in from ? basename(from.path) : from.name);
}
