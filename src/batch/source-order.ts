/** Where the rows of a batch come from, and where their agreements are. */
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { inLine } from '../printable.ts';
import type { SourceFormat } from '../source/detect.ts';
import { openSource } from '../source/open-source.ts';
import type { SourceRow } from '../source/row.ts';
import type { InvalidRowSink, WarningSink } from './validate-source.ts';

export interface SourceOrder {
  /** A file, or a stream of bytes with a name for people. */
  from: { path: string } | { stream: Readable; name: string };
  /** By default that of the file's extension, or CSV if the extension is unknown. */
  format?: SourceFormat;
  /** Any label of the WHATWG Encoding Standard; by default `utf-8`. */
  encoding?: string;
  /** Column separator of a CSV file; by default a comma. */
  delimiter?: string;
  /** Folder of the signed agreements named in the column `IsvTerms`. */
  agreements: string;
  /** Whether an agreement that is truncated or encrypted makes its row bad; by default it is a warning. */
  strictPdf?: boolean;
  /** Called with what should be looked at in good rows, in the order of the source. */
  onWarning?: WarningSink;
  /** Called with every bad row, in the order of the source. */
  onInvalid?: InvalidRowSink;
}

/** The rows, the header first. @throws AppError INPUT_… while they are read */
export function openRows({
  from,
  format,
  encoding = 'utf-8',
  delimiter = ',',
}: SourceOrder): AsyncGenerator<SourceRow> {
  return openSource(from, { format, encoding, delimiter });
}

/** The name of the source, for people. */
export function nameOf({ from }: Pick<SourceOrder, 'from'>): string {
  return inLine('path' in from ? basename(from.path) : from.name);
}
