/**
 * Whether bytes are a PDF, and whether the reviewers will probably be able to open it: simple checks of its ends, in the
 * bytes at hand. Pure.
 */
import type { ErrorCode } from '../error-codes.ts';

/** Readers accept this many bytes before the header. */
const HEADER_WITHIN = 1024;
/** Readers look for the end of the file in this many bytes. */
const EOF_WITHIN = 1024;
const INDEX_WITHIN = 2048;
/** Longest dictionary that is looked at, in bytes. */
const DICTIONARY_BYTES_MAX = 16 * 1024;
/** Longest table of objects that is skipped on the way to its dictionary, in bytes. */
const TABLE_BYTES_MAX = 1024 * 1024;

const HEADER = '%PDF-';
const INDEX_WORD = 'startxref';
const ENCRYPT = /\/Encrypt\s*(?:\d+\s+\d+\s+R|<<)/;
const BLANK = new Set([0, 9, 10, 12, 13, 26, 32]);

/** What people send instead of a PDF, by its first bytes. */
const OTHERS: readonly (readonly [firstBytes: string, text: string])[] = [
  ['PK\x03\x04', 'it looks like a Word document or a ZIP file'],
  ['\xd0\xcf\x11\xe0', 'it looks like an old Word document'],
  ['\xff\xd8\xff', 'it looks like a JPEG picture'],
  ['\x89PNG', 'it looks like a PNG picture'],
  ['II*\0', 'it looks like a TIFF picture'],
  ['MM\0*', 'it looks like a TIFF picture'],
  ['{\\rtf', 'it looks like a rich text document'],
];
const WEB_PAGE = /^(?:ï»¿)?\s*<(?:!doctype|html|\?xml)/i;

export interface PdfDoubt {
  code: Extract<ErrorCode, 'AGREEMENT_TRUNCATED' | 'AGREEMENT_ENCRYPTED'>;
  /** Goes after the name of the file. */
  reason: string;
}

/** @returns undefined if the bytes are no PDF; otherwise why it may not open, which is nothing for a good one */
export function inspectPdf(content: Buffer): PdfDoubt[] | undefined {
  const start = content.subarray(0, HEADER_WITHIN + HEADER.length).indexOf(HEADER, 0, 'latin1');
  if (start < 0) return undefined;
  const body = content.subarray(start, endOf(content));
  const end = truncation(body);
  const doubts: PdfDoubt[] = end === undefined ? [] : [{ code: 'AGREEMENT_TRUNCATED', reason: end }];
  if (isEncrypted(body)) doubts.push({ code: 'AGREEMENT_ENCRYPTED', reason: 'is encrypted' });
  return doubts;
}

/** What the bytes probably are instead of a PDF, for people; undefined if nothing says so. */
export function guessKind(content: Buffer): string | undefined {
  const first = content.toString('latin1', 0, 64);
  if (WEB_PAGE.test(first)) return 'it looks like a web page';
  return OTHERS.find(([firstBytes]) => first.startsWith(firstBytes))?.[1];
}

/** Without the blanks and zeros that copying leaves behind. */
function endOf(content: Buffer): number {
  let end = content.length;
  while (end > 0 && BLANK.has(content[end - 1] ?? -1)) end--;
  return end;
}

function truncation(body: Buffer): string | undefined {
  if (body.subarray(-EOF_WITHIN).indexOf('%%EOF', 0, 'latin1') < 0)
    return 'is not complete: the mark of its end (%%EOF) is missing';
  const at = indexOffset(body);
  if (at === undefined) return `is not complete: the place of its index (${INDEX_WORD}) is missing`;
  return at >= body.length ? 'is not complete: its index is beyond its end' : undefined;
}

/** Where the last table of objects is said to be. */
function indexOffset(body: Buffer): number | undefined {
  const tail = body.toString('latin1', Math.max(0, body.length - INDEX_WITHIN));
  const offset = /^startxref\s+(\d{1,15})/.exec(tail.slice(tail.lastIndexOf(INDEX_WORD)))?.[1];
  return offset === undefined ? undefined : Number(offset);
}

function isEncrypted(body: Buffer): boolean {
  const at = indexOffset(body) ?? body.length;
  return [dictionaryAt(body, at), lastTrailer(body)].some((text) => ENCRYPT.test(text));
}

/** The dictionary of the table of objects at a place: after the word `trailer`, or at the head of a stream. */
function dictionaryAt(body: Buffer, at: number): string {
  if (at >= body.length) return '';
  if (!/^\s*xref/.test(body.toString('latin1', at, at + 16))) return untilWord(body, at, 'stream');
  const trailer = body.subarray(at, at + TABLE_BYTES_MAX).indexOf('trailer', 0, 'latin1');
  return trailer < 0 ? '' : untilWord(body, at + trailer, INDEX_WORD);
}

/** For files whose index is not where they say. */
function lastTrailer(body: Buffer): string {
  const at = body.lastIndexOf('trailer', undefined, 'latin1');
  return at < 0 ? '' : untilWord(body, at, INDEX_WORD);
}

function untilWord(body: Buffer, at: number, word: string): string {
  const text = body.toString('latin1', at, at + DICTIONARY_BYTES_MAX);
  const end = text.indexOf(word);
  return end < 0 ? text : text.slice(0, end);
}
