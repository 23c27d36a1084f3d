/** The bytes of one agreement, checked the same way wherever they come from. Pure. */
import type { ErrorCode } from '../error-codes.ts';
import { AppError } from '../errors.ts';
import { quoted } from '../printable.ts';
import { guessKind, inspectPdf } from './pdf.ts';
import { sha256Of } from './store.ts';

/** Chat App's limit for the document, in bytes. */
export const AGREEMENT_BYTES_MAX = 2 * 1024 * 1024;

export interface CheckedAgreement {
  /** Hexadecimal. */
  sha256: string;
  /** What does not keep the file from being sent, but will probably keep a person from opening it. */
  warnings: readonly { code: ErrorCode; message: string }[];
}

/**
 * @param name for people
 * @throws AppError AGREEMENT_EMPTY, AGREEMENT_TOO_LARGE, AGREEMENT_NOT_PDF
 */
export function checkContent(content: Buffer, name: string): CheckedAgreement {
  if (content.length === 0) throw new AppError('AGREEMENT_EMPTY', `${quoted(name)} is empty`);
  assertSize(content.length, name);
  const doubts = inspectPdf(content);
  if (doubts === undefined) {
    const guess = guessKind(content);
    const text = guess === undefined ? 'is not a PDF' : `is not a PDF; ${guess}`;
    throw new AppError('AGREEMENT_NOT_PDF', `${quoted(name)} ${text}`);
  }
  const warnings = doubts.map(({ code, reason }) => ({ code, message: `${quoted(name)} ${reason}` }));
  return { sha256: sha256Of(content), warnings };
}

/** @throws AppError AGREEMENT_TOO_LARGE */
export function assertSize(bytes: number, name: string): void {
  if (bytes <= AGREEMENT_BYTES_MAX) return;
  const message = `${quoted(name)} has ${bytes} bytes; the limit is ${AGREEMENT_BYTES_MAX}`;
  throw new AppError('AGREEMENT_TOO_LARGE', message);
}
