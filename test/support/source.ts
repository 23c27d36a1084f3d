/** What a source yields for given bytes. */
import { Readable } from 'node:stream';
import { openSource, type SourceOptions } from '../../src/source/open-source.ts';
import type { SourceRow } from '../../src/source/row.ts';

/** @param options by default those of a CSV file about which nothing is known */
export async function readBytes(
  content: string | Uint8Array | readonly Uint8Array[],
  options: Partial<SourceOptions> = {},
): Promise<{ rows: SourceRow[]; notes: string[] }> {
  const pieces = Array.isArray(content) ? content : [Buffer.from(content as string)];
  const notes: string[] = [];
  const onNote = (note: string) => notes.push(note);
  const rows: SourceRow[] = [];
  for await (const row of openSource({ stream: Readable.from(pieces) }, { onNote, ...options }))
    rows.push(row);
  return { rows, notes };
}

/** The cells alone. */
export async function cellsOf(...given: Parameters<typeof readBytes>): Promise<string[][]> {
  return (await readBytes(...given)).rows.map(({ values }) => values);
}

/** The same bytes, one by one: whatever is cut is put together again. */
export const byteByByte = (bytes: Uint8Array) => [...bytes].map((byte) => Buffer.from([byte]));
