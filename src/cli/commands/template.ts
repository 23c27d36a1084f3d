import { type Command, Option } from 'commander';
import { stringify } from 'csv-stringify/sync';
import { writeTo } from '../../batch/output-file.ts';
import { CSV_FOR_EXCEL } from '../../batch/table-writer.ts';
import { xlsxTable } from '../../batch/xlsx-table.ts';
import { INPUT_FIELDS } from '../../customer/fields.ts';
import { AppError } from '../../errors.ts';
import { print } from '../output.ts';

const EXAMPLE = [
  'C0200293910000',
  'Merlion Eats Pte. Ltd.',
  '1 Raffles Place, #20-61',
  'terms@customer.example',
  'SG',
  'Order updates',
  'agreement-001.pdf',
];

const HEADER = [...INPUT_FIELDS];

export function define(command: Command): void {
  command
    .addOption(
      new Option('--format <name>', 'csv, or xlsx with columns of text')
        .choices(['csv', 'xlsx'])
        .default('csv'),
    )
    .option('--json', 'print the example row as NDJSON, which `import` takes too')
    .addHelpText(
      'after',
      '\nExamples:\n  $ onboard template > customers.csv\n  $ onboard template --format xlsx > customers.xlsx',
    )
    .action(async ({ format, json }: { format: 'csv' | 'xlsx'; json?: true }) => {
      const row = Object.fromEntries(INPUT_FIELDS.map((name, index) => [name, EXAMPLE[index]]));
      if (json) await print(JSON.stringify(row));
      else if (format === 'csv') process.stdout.write(stringify([HEADER, EXAMPLE], CSV_FOR_EXCEL));
      else await writeWorkbook();
    });
}

async function writeWorkbook(): Promise<void> {
  if (process.stdout.isTTY)
    throw new AppError(
      'USAGE',
      'A workbook is not for a terminal: onboard template --format xlsx > FILE.xlsx.',
    );
  const table = xlsxTable(HEADER);
  table.end(EXAMPLE);
  for await (const chunk of table) await writeTo(process.stdout, chunk);
}
