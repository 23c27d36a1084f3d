/** The options that say where rows and agreements come from; `import` and `validate` share them. */
import { type Command, Option } from 'commander';
import type { SourceOrder } from '../batch/source-order.ts';
import type { RowProblem } from '../customer/validate.ts';
import { ERROR_CODES } from '../error-codes.ts';
import { SOURCE_FORMATS, type SourceFormat } from '../source/detect.ts';
import { say } from './output.ts';

export interface SourceArguments {
  agreements: string;
  format?: SourceFormat;
  encoding: string;
  delimiter: string;
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
    .option('--encoding <name>', 'file encoding; gb18030 for Excel on Chinese Windows', 'utf-8')
    .option('--delimiter <char>', 'column separator; \\t for a tab', ',')
    .option('--sheet <name>', 'sheet of a workbook; by default the first visible one with the columns');
}

export function sourceOf(file: string, options: SourceArguments): SourceOrder {
  const { agreements, format, encoding, sheet } = options;
  const delimiter = options.delimiter === '\\t' ? '\t' : options.delimiter;
  const from = file === '-' ? { stream: process.stdin, name: 'standard input' } : { path: file };
  const onRecognised = (notes: string[]) => notes.length > 0 && say(`The file: ${notes.join('; ')}.`);
  return { from, format, encoding, delimiter, sheet, agreements, onRecognised, onRemark: say };
}

/** `line 7, CountryId (column 5): is not a two-letter country code [COUNTRY_UNKNOWN]`, and what to do. */
export function renderProblem({ line, column, code, message }: RowProblem): string {
  const where = column === undefined ? `line ${line}` : `line ${line}, ${column}`;
  return `${where}: ${message} [${code}]\n  → ${ERROR_CODES[code].hint}`;
}
