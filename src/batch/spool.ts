/** Good rows between checking and what is done with them: in a file without a name, which is gone however the process ends. */
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NewRow } from '../ledger/enroll.ts';
import { linesOf } from '../source/lines.ts';

/** A good row on its way into a batch. */
export interface SpooledRow extends NewRow {
  /** Name of the agreement in the folder. */
  agreement: string;
}

export interface Spool<Row = SpooledRow> extends AsyncDisposable {
  write(rows: readonly Row[]): Promise<void>;
  /** Yields what was written, in chunks. */
  read(chunkRows: number): AsyncGenerator<Row[]>;
}

/** Rows are kept as JSON. */
export async function openSpool<Row = SpooledRow>(): Promise<Spool<Row>> {
  const directory = await mkdtemp(join(tmpdir(), 'onboard-'));
  const opening = open(join(directory, 'rows.ndjson'), 'wx+', 0o600);
  const file = await opening.finally(() => rm(directory, { recursive: true }));

  async function write(rows: readonly Row[]): Promise<void> {
    await file.appendFile(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  }

  async function* read(chunkRows: number): AsyncGenerator<Row[]> {
    let chunk: Row[] = [];
    const text = file.createReadStream({ start: 0, autoClose: false, encoding: 'utf8' });
    for await (const { content } of linesOf(text)) {
      chunk.push(JSON.parse(content) as Row);
      if (chunk.length < chunkRows) continue;
      yield chunk;
      chunk = [];
    }
    if (chunk.length > 0) yield chunk;
  }

  return { write, read, [Symbol.asyncDispose]: () => file.close() };
}
