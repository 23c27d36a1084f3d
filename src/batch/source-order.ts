/** Where the rows of a batch come from, and where their agreements are. */
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { countColumns } from '../customer/count-columns.ts';
import type { SourceFormat } from '../source/detect.ts';
import { openSource } from '../source/open-source.ts';
import type { SourceRow } from '../source/row.ts';
import type { InvalidRowSink } from './validate-source.ts';

export interface SourceOrder {
  /** A file, or a stream of bytes with a name for people. */
  from: { path: string } | { stream: Readable; name: string };
  /** By default what the first bytes say, then the file's extension; CSV if neither is known. */
  format?: SourceFormat;
  /** Any label of the WHATWG Encoding Standard; by default `utf-8`. */
  encoding?: string;
  /** Column separator of a CSV file; by default a comma. */
  delimiter?: string;
  /** Name of the sheet of a workbook; by default the first visible one with our columns. */
  sheet?: string | undefined;
  /** Folder of the signed agreements named in the column `IsvTerms`, or a zip of it. */
  agreements: string;
  /** Called with every bad row, in the order of the source. */
  onInvalid?: InvalidRowSink;
  /** Called, before any row, with how the source is read that is not what we document first; empty for such a source. */
  onRecognised?: (notes: string[]) => void;
  /** Called with what a person should know who looks at the files, one sentence at a time. */
  onRemark?: (remark: string) => void;
}

/** The rows, the header first. @throws AppError INPUT_… while they are read */
export function openRows({
  from,
  format,
  encoding = 'utf-8',
  delimiter = ',',
  sheet,
  onRecognised,
  onRemark,
}: SourceOrder): AsyncGenerator<SourceRow> {
  const onNote = (note: string) => onRecognised?.([note]);
  return openSource(from, { format, encoding, delimiter, sheet, onNote, onRemark, countColumns });
}

/** The name of the source, for people. */
export function nameOf({ from }: Pick<SourceOrder, 'from'>): string {
  return 'path' in from ? basename(from.path) : from.name;
}
