/** The options that say where rows and agreements come from; `import` and `validate` share them. */
import { type Command, Option } from 'commander';
import type { SourceOrder } from '../batch/source-order.ts';
import type { ColumnMap } from '../customer/match-columns.ts';
import type { RowProblem } from '../customer/validate.ts';
import { ERROR_CODES } from '../error-codes.ts';
import { SOURCE_FORMATS, type SourceFormat } from '../source/detect.ts';
import { addToMap } from './column-map.ts';
import { parseDelimiter } from './delimiter.ts';
import { wholeNumber } from './number.ts';
import { say } from './output.ts';

export interface SourceArguments {
  agreements: string;
  format?: SourceFormat;
  encoding?: string;
  delimiter?: string;
  map?: ColumnMap;
  headerRow?: number;
  strictPdf?: true;
  sheet?: string;
}

export function addSourceOptions(command: Command): Command {
  return command
    .argument('<file>', 'CSV, NDJSON or XLSX file of customers, or - for standard input')
    .requiredOption('--agreements <dir>', 'folder or zip of the signed agreements named in IsvTerms')
    .addOption(
      new Option('--format <name>', 'file format; by default what the first bytes say').choices(
        SOURCE_FORMATS,
      ),
    )
    .option('--encoding <name>', 'file encoding; by default what the bytes prove, else UTF-8')
    .option(
      '--delimiter <char>',
      'column separator, \\t for a tab; by default the one that the first lines use',
      parseDelimiter,
    )
    .option('--map <field=column>', 'which column is which field: CustName=企业名称; repeatable', addToMap)
    .option(
      '--header-row <n>',
      'line that names the columns; by default it is sought',
      wholeNumber(1, 1_000_000),
    )
    .option('--sheet <name>', 'sheet of a workbook; by default the first visible one with the columns')
    .option('--strict-pdf', 'refuse agreements that are truncated or encrypted, instead of warning of them');
}

export function sourceOf(file: string, options: SourceArguments): SourceOrder {
  const { agreements, format, encoding, delimiter, sheet, map, headerRow, strictPdf } = options;
  const name = 'standard input';
  const from = file === '-' ? { stream: process.stdin, name } : { path: file };
  const onRecognised = (notes: string[]) => {
    if (notes.length > 0) say(`${file === '-' ? name : file}: ${notes.join('; ')}`);
  };
  return {
    ...{ from, format, encoding, delimiter, sheet, agreements, map, headerRow, strictPdf },
    ...{ onRecognised, onRemark: say },
  };
}

/** `line 7, CountryId (column 5): is not a two-letter country code [COUNTRY_UNKNOWN]`, and what to do. */
export function renderProblem({ line, column, code, message }: RowProblem): string {
  const where = column === undefined ? `line ${line}` : `line ${line}, ${column}`;
  return `${where}: ${message} [${code}]\n  → ${ERROR_CODES[code].hint}`;
}
