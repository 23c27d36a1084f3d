/** How an upload is to be read, and what becomes of it: as the command line has it. */
import { z } from 'zod';
import type { ImportOrder } from '../../batch/import.ts';
import { INPUT_FIELDS } from '../../customer/fields.ts';
import { AppError } from '../../errors.ts';
import { SOURCE_FORMATS } from '../../source/detect.ts';
import { maybeTime, momentSchema } from '../json/times.ts';

const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);
const whole = (min: number, max: number) => z.coerce.number().int().min(min).max(max);

/** How a file is read. */
const readingShape = {
  format: z.enum(SOURCE_FORMATS).optional().describe('By default what the first bytes say.'),
  encoding: z.string().max(50).optional().describe('By default what the bytes prove, else UTF-8.'),
  delimiter: z.string().min(1).max(4).optional().describe('By default the one that the first lines use.'),
  sheet: z.string().max(100).optional().describe('By default the first visible one with our columns.'),
  headerRow: whole(1, 1_000_000).optional().describe('Line that names the columns; by default it is sought.'),
};

/** What becomes of the rows. */
export const batchShape = {
  name: z.string().max(500).optional().describe('Of the batch; by default that of the file.'),
  account: z.string().max(100).optional().describe('By default the only one, or `default`.'),
  at: momentSchema.optional().describe('Earliest time at which its rows may be sent.'),
  priority: whole(2, 1_000_000).optional().describe('Lower goes first; 100 by default.'),
  maxFailures: whole(0, 1_000_000)
    .optional()
    .describe('The batch pauses after more identical refusals in a row; 0 for never.'),
};

const shape = {
  ...batchShape,
  ...readingShape,
  skipInvalid: flag.optional().describe('Enqueue the good rows even if others are bad.'),
  strictPdf: flag.optional().describe('An agreement that will hardly open makes its row bad.'),
};

/** For bodies without parts. */
export const optionsQuery = z.object(shape);

const map = z
  .partialRecord(z.enum(INPUT_FIELDS), z.string().min(1).max(500))
  .optional()
  .describe('Which column is which field.');
const optionsShape = { ...shape, map };

/** For the part `options`, and for the keys beside `customers`. */
const optionsSchema = z.strictObject(optionsShape);
export type BatchOptions = z.output<typeof optionsSchema>;

/** @throws AppError REQUEST_INVALID */
export function parseOptions(text: string | undefined): BatchOptions {
  if (text === undefined || text.trim() === '') return {};
  return checkOptions(parseJson(text, 'options'));
}

/** @throws AppError REQUEST_INVALID */
export function checkOptions(value: unknown): BatchOptions {
  const { success, data, error } = optionsSchema.safeParse(value);
  if (success) return data;
  const problems = error.issues.map(({ path, message }) => `${path.join('.') || 'options'}: ${message}`);
  throw new AppError('REQUEST_INVALID', `Options: ${problems.join('; ')}.`);
}

/** @throws AppError REQUEST_INVALID */
export function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new AppError('REQUEST_INVALID', `${what} is not JSON.`);
  }
}

type Wanted = Omit<ImportOrder, 'from' | 'agreements' | 'by'>;

export function toOrder({ at, account: _account, ...options }: BatchOptions): Wanted {
  const known = { ...options, notBefore: maybeTime(at) };
  return Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)) as Wanted;
}
