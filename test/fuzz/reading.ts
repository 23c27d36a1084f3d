/** One file, read: rows or an error that we know, in bounded time, however its bytes arrive. */

import { Readable } from 'node:stream';
import { expect } from 'vitest';
import { inputOf } from '../../src/batch/source-order.ts';
import { validateSource } from '../../src/batch/validate-source.ts';
import { AppError } from '../../src/errors.ts';
import type { SourceFormat } from '../../src/source/detect.ts';
import type { SourceRow } from '../../src/source/row.ts';
import { cut, type Random } from '../support/fuzz.ts';
import { readBytes } from '../support/source.ts';

/** Longest that a file of a few kilobytes may take on a busy machine, in milliseconds. */
const FILE_MS_MAX = 10_000;

/** Most memory that this process may ever have, its test runner included, in MiB. */
export const MEMORY_MIB_MAX = 400;

export interface Read {
  rows: SourceRow[];
  notes: string[];
}

/** @returns undefined if the file was refused */
export async function readSafely(
  bytes: Buffer,
  { format, random }: { format: SourceFormat; random: Random },
): Promise<Read | undefined> {
  const begun = performance.now();
  const whole = await readOnce([bytes], format);
  expect(await readOnce(cut(bytes, random), format)).toEqual(whole);
  await validate(bytes, format);
  expect(performance.now() - begun).toBeLessThan(FILE_MS_MAX);
  return 'rows' in whole ? whole : undefined;
}

/** What a message says of bytes may depend on how they arrive. */
async function readOnce(pieces: Buffer[], format: SourceFormat): Promise<Read | { code: string }> {
  try {
    return await readBytes(pieces, { format });
  } catch (error) {
    return { code: codeOf(error) };
  }
}

async function validate(bytes: Buffer, format: SourceFormat): Promise<void> {
  const from = { stream: Readable.from([bytes]), name: 'fuzz' };
  const folder = { check: async () => ({ sha256: '0'.repeat(64), warnings: [] }) } as never;
  const input = { ...inputOf({ from, format, agreements: '' }), folder };
  await validateSource(input, { good: async () => undefined, bad: () => undefined }).catch(codeOf);
}

/** Whatever is thrown, it is one of our codes. */
function codeOf(error: unknown): string {
  if (error instanceof AppError) return error.code;
  throw error;
}
