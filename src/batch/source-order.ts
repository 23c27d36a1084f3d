/** Where the rows of a batch come from, and where their agreements are. */
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import type { HeaderOptions } from '../customer/header.ts';
import { inLine } from '../printable.ts';
import type { SourceFormat } from '../source/detect.ts';
import { openSource } from '../source/open-source.ts';
import type { InvalidRowSink, ValidationInput, WarningSink } from './validate-source.ts';

export interface SourceOrder extends HeaderOptions {
  /** A file, or a stream of bytes with a name for people. */
  from: { path: string } | { stream: Readable; name: string };
  /** By default that of the file's extension, or CSV if the extension is unknown. */
  format?: SourceFormat;
  /** A label of the WHATWG Encoding Standard, or `utf-32`; by default what the bytes prove, else UTF-8. */
  encoding?: string;
  /** Column separator of a CSV file; by default the one that its first lines use. */
  delimiter?: string;
  /** Folder of the signed agreements named in the column `IsvTerms`. */
  agreements: string;
  /** Whether an agreement that is truncated or encrypted makes its row bad; by default it is a warning. */
  strictPdf?: boolean;
  /** Called with what should be looked at in good rows, in the order of the source. */
  onWarning?: WarningSink;
  /** Called with every bad row, in the order of the source. */
  onInvalid?: InvalidRowSink;
  /** Called, before any row, with how the source is read that is not what we document first; empty for such a source. */
  onRecognised?: (notes: string[]) => void;
}

/** What `validateSource` needs of an order. The rows throw AppError INPUT_… while they are read. */
export function inputOf(order: SourceOrder): Omit<ValidationInput, 'folder'> {
  const { from, format, encoding, delimiter, map, headerRow, onRecognised } = order;
  const notes: string[] = [];
  const source = openSource(from, { format, encoding, delimiter, onNote: (note) => notes.push(note) });
  // The source has said how it is read when its first row is there.
  const onHeader = (more: string[]) =>
    onRecognised?.([...(notes.length > 0 ? [notes.join(', ')] : []), ...more]);
  return { source, map, headerRow, onHeader };
}

/** The name of the source, for people. */
export function nameOf({ from }: Pick<SourceOrder, 'from'>): string {
  return inLine('path' in from ? basename(from.path) : from.name);
}
