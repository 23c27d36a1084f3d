/**
 * Files that are nearly PDFs: whatever they hold, the check ends soon, is sure of what it says, and changes no byte.
 * FUZZ_FILES says how many, FUZZ_FIRST with which seed.
 */
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { checkContent } from '../../src/agreement/content.ts';
import { inspectPdf } from '../../src/agreement/pdf.ts';
import { sha256Of } from '../../src/agreement/store.ts';
import { AppError } from '../../src/errors.ts';
import { makePdf } from '../support/pdf.ts';

const RUNS = Number(process.env.FUZZ_FILES ?? 8_000);
const seed = Number(process.env.FUZZ_FIRST ?? 1);
/** Longest check of one file, in milliseconds; the machine may be busy. */
const MS_MAX = 500;

const WORDS = [
  '%PDF-',
  '%%EOF',
  'startxref',
  'trailer',
  'xref',
  '/Encrypt 1 0 R',
  '<<',
  '>>',
  'stream',
  '\0',
  '9',
];
const SEEDS = [
  makePdf(['one']),
  makePdf(Array.from({ length: 400 }, (_, line) => `line ${line}`)),
  indexStream(),
];

/** A PDF whose table of objects is a compressed stream, as newer programs write it. */
function indexStream(): Buffer {
  const table = deflateSync(Buffer.alloc(200)).toString('latin1');
  const head = '%PDF-1.5\n1 0 obj\n<< /Type /Catalog >>\nendobj\n';
  const dictionary = `<< /Type /XRef /Length ${table.length} /Root 1 0 R /W [1 2 1] >>`;
  const stream = `7 0 obj\n${dictionary}\nstream\n${table}\nendstream\nendobj\n`;
  return Buffer.from(`${head}${stream}startxref\n${head.length}\n%%EOF\n`, 'latin1');
}

const place = fc.double({ min: 0, max: 1, noNaN: true });
type Change = (content: Buffer) => Buffer;
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(place, fc.nat(255)).map(
    ([at, byte]): Change =>
      (content) => {
        const copy = Buffer.from(content);
        if (copy.length > 0) copy[Math.floor(at * (copy.length - 1))] = byte;
        return copy;
      },
  ),
  fc.tuple(place, place).map(
    ([a, b]): Change =>
      (content) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)].map((at) => Math.floor(at * content.length));
        return Buffer.concat([content.subarray(0, from), content.subarray(to)]);
      },
  ),
  fc.tuple(place, fc.constantFrom(...WORDS), fc.integer({ min: 1, max: 3_000 })).map(
    ([at, word, times]): Change =>
      (content) => {
        const [before, after] = [
          content.subarray(0, at * content.length),
          content.subarray(at * content.length),
        ];
        return Buffer.concat([before, Buffer.from(word.repeat(times), 'latin1'), after]);
      },
  ),
);
const nearlyPdf = fc
  .tuple(fc.constantFrom(...SEEDS), fc.array(change, { maxLength: 5 }))
  .map(([content, changes]) => changes.reduce((changed, apply) => apply(changed), content));

it('takes or refuses every mutated file by a code of ours, in time, and by its own digest', () => {
  fc.assert(
    fc.property(nearlyPdf, (content) => {
      const digest = sha256Of(content);
      const begun = performance.now();
      try {
        expect(checkContent(content, 'a.pdf').sha256).toBe(digest);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        expect(error.code).toMatch(/^AGREEMENT_(NOT_PDF|EMPTY|TOO_LARGE)$/);
      }
      expect(performance.now() - begun).toBeLessThan(MS_MAX);
      expect(sha256Of(content)).toBe(digest);
    }),
    { numRuns: RUNS, seed },
  );
});

it('calls no beginning of a good PDF complete', () => {
  fc.assert(
    fc.property(fc.constantFrom(...SEEDS), place, (content, at) => {
      const end = content.lastIndexOf('%%EOF');
      const doubts = inspectPdf(content.subarray(0, Math.floor(at * end)));
      expect(doubts === undefined || doubts.some(({ code }) => code === 'AGREEMENT_TRUNCATED')).toBe(true);
    }),
    { numRuns: Math.ceil(RUNS / 10), seed },
  );
});
