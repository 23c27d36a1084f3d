import { expect, it } from 'vitest';
import { checkContent } from '../../src/agreement/content.ts';
import { inspectPdf } from '../../src/agreement/pdf.ts';
import { makePdf } from '../support/pdf.ts';

const GOOD = makePdf(['good']);
const text = GOOD.toString('latin1');
const bytes = (content: string) => Buffer.from(content, 'latin1');
const doubtsOf = (content: Buffer) => inspectPdf(content)?.map(({ code }) => code);
const withTrailer = (more: string) => bytes(text.replace('/Root 1 0 R', `/Root 1 0 R ${more}`));

it.each([
  ['as it is', GOOD],
  ['behind a mail header', Buffer.concat([bytes('X-Mailer: x\r\n\r\n'.repeat(30)), GOOD])],
  ['behind a byte order mark', Buffer.concat([bytes('\xef\xbb\xbf'), GOOD])],
  ['before the zeros that a disk adds', Buffer.concat([GOOD, Buffer.alloc(5_000)])],
  ['with a page that speaks of encryption', makePdf(['/Encrypt 5 0 R', 'trailer /Encrypt 1 0 R startxref'])],
])('takes a good PDF %s', (_name, content) => {
  expect(doubtsOf(content)).toEqual([]);
});

it.each([
  ['of 8 bytes', bytes('%PDF-1.4')],
  ['that ends after half', GOOD.subarray(0, GOOD.length / 2)],
  ['without its last line', bytes(text.replace('%%EOF', ''))],
  ['without the place of its index', bytes(text.replace('startxref', 'startxyz'))],
  ['whose middle is missing', bytes(text.replace(/1 0 obj[\s\S]*5 0 obj/, ''))],
  ['of an end alone', bytes('%PDF-1.4\n%%EOF')],
])('warns of a PDF %s', (_name, content) => {
  expect(doubtsOf(content)).toEqual(['AGREEMENT_TRUNCATED']);
});

it.each([
  ['in its trailer', withTrailer('/Encrypt 6 0 R')],
  ['in its trailer, written directly', withTrailer('/Encrypt << /V 2 >>')],
  [
    'though its index is not where it says',
    bytes(`%PDF-1.4\n${withTrailer('/Encrypt 6 0 R').toString('latin1')}`),
  ],
  [
    'in the head of an index stream',
    bytes('%PDF-1.5\n7 0 obj\n<< /Type /XRef /Encrypt 6 0 R >>\nstream\nx\nendstream\nstartxref\n9\n%%EOF'),
  ],
])('warns of a PDF that is encrypted %s', (_name, content) => {
  expect(doubtsOf(content)).toEqual(['AGREEMENT_ENCRYPTED']);
});

it.each([
  ['PK\x03\x04word/document.xml', 'it looks like a Word document or a ZIP file'],
  ['\xff\xd8\xff\xe0', 'it looks like a JPEG picture'],
  ['\xef\xbb\xbf <!DOCTYPE html>', 'it looks like a web page'],
])('says what %j probably is', (content, guess) => {
  expect(() => checkContent(bytes(content), 'a.pdf')).toThrow(`"a.pdf" is not a PDF; ${guess}`);
});

it('looks for the beginning only where readers do', () => {
  expect(inspectPdf(Buffer.concat([Buffer.alloc(1_024, 'x'), GOOD]))).toEqual([]);
  expect(inspectPdf(Buffer.concat([Buffer.alloc(1_025, 'x'), GOOD]))).toBeUndefined();
});
