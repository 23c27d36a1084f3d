/** What a zip is that is no workbook in XML, by what is in it. Pure. */
import type { AppError } from '../errors.ts';
import { formatRefused, SAVE_AS_XLSX } from './signatures.ts';

const KINDS: [mark: RegExp, what: string, mend: string][] = [
  [/^xl\/workbook\.bin$/i, 'a binary Excel workbook (.xlsb)', SAVE_AS_XLSX],
  [/^word\//i, 'a Word document', 'Put its table into a workbook, save that as .xlsx and import it.'],
  [
    /^ppt\//i,
    'a PowerPoint presentation',
    'Put its table into a workbook, save that as .xlsx and import it.',
  ],
  [
    /^index(\/.*\.iwa|\.zip|\.xml)$/i,
    'a document of Apple Numbers',
    'Export it from Numbers as an Excel workbook (.xlsx).',
  ],
  [/^content\.xml$/i, 'an OpenDocument spreadsheet (.ods)', SAVE_AS_XLSX],
];

/** @param names of its entries */
export function nameZip(names: readonly string[]): AppError {
  for (const [mark, what, mend] of KINDS)
    if (names.some((name) => mark.test(name))) return formatRefused(what, mend);
  if (names.some((name) => /\.pdf$/i.test(name)))
    return formatRefused('a zip archive of PDFs', 'Give it as the agreements: --agreements FILE.zip.');
  return formatRefused('a zip archive, not a workbook', 'Unpack it and import the file of customers inside.');
}
