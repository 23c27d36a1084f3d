/** The options that say where rows and agreements come from; `import` and `validate` share them. */
import { type Command, Option } from 'commander';
import type { RowProblem } from '../customer/validate.ts';
import { ERROR_CODES } from '../errors.ts';
import { SOURCE_FORMATS, type SourceFormat } from '../source/detect.ts';
import { openSource } from '../source/open-source.ts';
import type { SourceRow } from '../source/row.ts';

export interface SourceOptions {
  agreements: string;
  format?: SourceFormat;
  encoding: string;
  delimiter: string;
}

export function addSourceOptions(command: Command): Command {
  return command
    .argument('<file>', 'CSV, NDJSON or XLSX file with the customers, or - for standard input')
    .requiredOption('--agreements <dir>', 'folder of the signed agreements that the column IsvTerms names')
    .addOption(
      new Option('--format <name>', 'format of the file; its extension tells, else CSV').choices(
        SOURCE_FORMATS,
      ),
    )
    .option('--encoding <name>', 'encoding of the file; gb18030 for Excel on Chinese Windows', 'utf-8')
    .option('--delimiter <char>', 'separator of the columns; \\t for a tab', ',');
}

export function readSource(
  file: string,
  { format, encoding, delimiter }: SourceOptions,
): AsyncGenerator<SourceRow> {
  const from = file === '-' ? { stream: process.stdin } : { path: file };
  return openSource(from, { format, encoding, delimiter: delimiter === '\\t' ? '\t' : delimiter });
}

/** `line 7, CountryId (column 5): is not a two-letter country code [COUNTRY_UNKNOWN]`, and what to do. */
export function renderProblem({ line, column, code, message }: RowProblem): string {
  const where = column === undefined ? `line ${line}` : `line ${line}, ${column}`;
  return `${where}: ${message} [${code}]\n  → ${ERROR_CODES[code].hint}`;
}
