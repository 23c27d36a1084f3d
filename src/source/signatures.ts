/** What a file is, by its first bytes: what people give is not always what its name says. Pure. */
import { AppError } from '../errors.ts';

/** As many bytes of a file as are needed to tell. */
export const HEAD_BYTES = 4096;

export const SAVE_AS_XLSX = 'Open it, save it as an Excel workbook (.xlsx) and import that file.';
const UNPACK = 'Unpack it and import the file inside.';
const EXPORT = 'Export the table as CSV UTF-8 or .xlsx and import that file.';

/** Files that cannot be read: how they begin, in hexadecimal, what they are, and what to do. */
const REFUSED: [start: RegExp, what: string, mend: string][] = [
  [/^0904[0-9a-f]{2}00|^09(00|02|04|08)0[4-8]00/, 'an old Excel workbook (.xls)', SAVE_AS_XLSX],
  [/^25504446/, 'a PDF', 'Import the table that it was made from, as .xlsx or CSV.'],
  [/^1f8b/, 'compressed with gzip', UNPACK],
  [/^(425a68|fd377a585a00|28b52ffd)/, 'compressed', UNPACK],
  [/^(377abcaf271c|526172211a07)/, 'a 7z or RAR archive', UNPACK],
  [/^7b5c727466/, 'a rich text document (.rtf)', EXPORT],
  [/^(89504e47|ffd8ff|47494638)/, 'a picture', 'Type or scan its table into a workbook.'],
  [/^53514c69746520666f726d6174/, 'an SQLite database', EXPORT],
  [/^50415231/, 'a Parquet file', EXPORT],
];

const COMPOUND = 'd0cf11e0a1b11ae1';
const ZIP = /^504b(0304|0506|0708)/;
const JSON_ARRAY = 'Write one object per line: jq -c ".[]" FILE.json > FILE.ndjson.';

export type Signature =
  | { kind: 'zip' | 'object' | 'text' }
  | { kind: 'refused'; refusal: AppError; isText?: true };

/** An error for a format that is known and not read. @param what it is, as in `is a PDF` */
export function formatRefused(what: string, mend: string): AppError {
  return new AppError('INPUT_FORMAT', `The file is ${what}.`, { hint: mend });
}

/** @param head the first `HEAD_BYTES`, or all of a shorter file */
export function readSignature(head: Buffer): Signature {
  const hex = head.subarray(0, 16).toString('hex');
  if (ZIP.test(hex)) return { kind: 'zip' };
  if (hex.startsWith(COMPOUND)) return { kind: 'refused', refusal: nameCompound(head) };
  const known = REFUSED.find(([start]) => start.test(hex));
  if (known) return { kind: 'refused', refusal: formatRefused(known[1], known[2]) };
  return readTextSignature(textOf(head));
}

function readTextSignature(text: string): Signature {
  // An array of arrays or of objects, or an empty one: a header of CSV in brackets stays one.
  if (/^\s*\[\s*([[{\]]|$)/.test(text))
    return { kind: 'refused', isText: true, refusal: formatRefused('a JSON array', JSON_ARRAY) };
  if (/^\s*\{\s*["}]/.test(text)) return { kind: 'object' };
  if (/^\s*<\?xml/i.test(text) && /excel\.sheet|schemas-microsoft-com:office:spreadsheet/i.test(text))
    return { kind: 'refused', refusal: formatRefused('an Excel 2003 workbook in XML', SAVE_AS_XLSX) };
  if (/^\s*<(\?xml|!doctype|html|head|body|table|meta|div|!--)/i.test(text))
    return { kind: 'refused', refusal: formatRefused('a web page or other XML', SAVE_AS_XLSX) };
  return { kind: 'text' };
}

/** Old Office files and encrypted new ones share a container, in which names stand in UTF-16. */
function nameCompound(head: Buffer): AppError {
  const holds = (name: string) => head.includes(Buffer.from(name, 'utf16le'));
  if (holds('EncryptedPackage'))
    return formatRefused(
      'a workbook with a password',
      'Save it without a password as .xlsx and import that file.',
    );
  if (holds('WordDocument')) return formatRefused('an old Word document (.doc)', EXPORT);
  if (holds('Workbook') || holds('Book'))
    return formatRefused('an Excel 97-2003 workbook (.xls)', SAVE_AS_XLSX);
  return formatRefused('an Excel 97-2003 workbook (.xls), or one with a password', SAVE_AS_XLSX);
}

/** Enough of the text to recognise it, in whichever Unicode. */
function textOf(head: Buffer): string {
  const mark = head.subarray(0, 2).toString('hex');
  if (mark === 'fffe') return head.subarray(2).toString('utf16le');
  if (mark === 'feff')
    return Buffer.from(head.subarray(2, 2 + ((head.length - 2) & ~1)))
      .swap16()
      .toString('utf16le');
  return head.toString('utf8').replace(/^\ufeff/, '');
}
