/**
 * What the fields of requests have in common, as pieces of schemas. Lengths are enforced on identifiers only; a field that
 * only informs is left out if it cannot be read, because no order may fail for it. Pure.
 */
import { z } from 'zod';
import { isJsonObject, type JsonObject, parseJson } from './json.ts';
import { parseCompactUtc, parseLicenseTime } from './time.ts';

/** A name and what a buyer, or the product, says for it. */
export interface ExtendParam {
  name: string;
  value: string;
}

/** An identifier that must be there. */
export const id = (max = 64) => z.string().min(1).max(max);

/** An identifier that may be missing, `null` or empty: all the same. */
export const optionalId = (max = 64) => z.preprocess(blankAsMissing, id(max).optional());

/** A text that only informs. */
export const note = z.preprocess(
  (value) => (typeof value === 'number' ? String(value) : blankAsMissing(value)),
  z.string().optional().catch(undefined),
);

/** A number that only informs, as text or not. */
export const noteNumber = z.preprocess(blankAsMissing, z.coerce.number().optional().catch(undefined));

/** A time that must be there: 14 or 17 digits, UTC. */
export const time = z.string().transform(timeBy(parseCompactUtc, 'is not yyyyMMddHHmmss'));

/** A time that is an estimate. */
export const noteTime = z.preprocess(blankAsMissing, time.optional().catch(undefined));

/** Times of `getLicenseAsync`. */
export const licenseTime = z.string().transform(timeBy(parseLicenseTime, 'is not yyyy-MM-dd HH:mm:ss z'));
export const optionalLicenseTime = z.preprocess(blankAsMissing, licenseTime.optional());

/** Whether an instance or a license is to be frozen or to go on. Generations use different words for it. */
export const status = z
  .string()
  .transform((word) => word.toUpperCase())
  .pipe(z.enum(['FREEZE', 'FROZEN', 'UNFREEZE', 'UNFROZEN', 'NORMAL']))
  .transform((word) => (word === 'FREEZE' || word === 'FROZEN' ? 'freeze' : 'unfreeze'));

/** Instances asked for at once: their ids between commas. The page's length of 100 cannot hold them, so they are counted. */
export const idList = z
  .string()
  .transform((text) => [...new Set(text.split(',').map((each) => each.trim()))].filter((each) => each !== ''))
  .pipe(z.array(id()).min(1).max(100));

/** `productInfo`: an object, or the same as JSON in a string. */
export const productInfo = z
  .unknown()
  .optional()
  .transform((value, context): JsonObject => {
    const object = typeof value === 'string' ? parseJson(value) : value;
    if (isJsonObject(object)) return object;
    context.addIssue('is neither an object nor JSON of one');
    return z.NEVER;
  });

/** `saasExtendParams`: Base64 of a JSON array of names and values. What it cannot be read from stays in the raw fields. */
export const extendParams = z
  .unknown()
  .optional()
  .transform((value): ExtendParam[] => {
    if (typeof value !== 'string') return [];
    const list = parseJson(Buffer.from(value.replaceAll(' ', '+'), 'base64').toString('utf8'));
    if (!Array.isArray(list)) return [];
    return list.flatMap((each: unknown) =>
      isJsonObject(each) && typeof each.name === 'string'
        ? [{ name: each.name, value: textOf(each.value) }]
        : [],
    );
  });

/** Only `"1"` and 1 mean a debug call. */
export function isTestFlag(value: unknown): boolean {
  return value === '1' || value === 1;
}

/** `saasExtendParams` made: for the side that sends it. */
export function encodeExtendParams(params: readonly ExtendParam[]): string {
  return Buffer.from(JSON.stringify(params), 'utf8').toString('base64');
}

function blankAsMissing(value: unknown): unknown {
  return value === null || value === '' ? undefined : value;
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? '' : JSON.stringify(value);
}

function timeBy(parse: (text: string) => Date | undefined, fault: string) {
  return (text: string, context: z.RefinementCtx): Date => {
    const date = parse(text);
    if (date !== undefined) return date;
    context.addIssue(fault);
    return z.NEVER;
  };
}
