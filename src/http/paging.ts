/** Lists in pages: how many, and where the next page goes on. Pure. */
import { z } from 'zod';
import { AppError } from '../errors.ts';

export const PAGE_ROWS = 50;
export const PAGE_ROWS_MAX = 500;
const CURSOR_CHARACTERS_MAX = 500;

export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(PAGE_ROWS_MAX).default(PAGE_ROWS).describe('How many at most.'),
  cursor: z.string().max(CURSOR_CHARACTERS_MAX).optional().describe('The `next` of the page before.'),
};

export const nextSchema = z
  .string()
  .nullable()
  .describe(
    'The `cursor` of the next page; null after the last one. A page may be empty and still have one.',
  );

/** @param place where the next page begins; undefined after the last page */
export function toCursor(place: unknown): string | null {
  return place === undefined ? null : Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** @throws AppError REQUEST_INVALID if it is none that we gave */
export function fromCursor<Place>(schema: z.ZodType<Place>, cursor: string | undefined): Place | undefined {
  if (cursor === undefined) return undefined;
  const { success, data } = schema.safeParse(parse(cursor));
  if (success) return data;
  throw new AppError('REQUEST_INVALID', 'The cursor is not one that this list gave.');
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}
