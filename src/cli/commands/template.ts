import type { Command } from 'commander';
import { stringify } from 'csv-stringify/sync';
import { CSV_FOR_EXCEL } from '../../batch/table-writer.ts';
import { INPUT_FIELDS } from '../../customer/fields.ts';
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

export function define(command: Command): void {
  command
    .option('--json', 'print the example row as NDJSON, which `import` takes too')
    .addHelpText('after', '\nExample:\n  $ onboard template > customers.csv')
    .action(async ({ json }: { json?: true }) => {
      const row = Object.fromEntries(INPUT_FIELDS.map((name, index) => [name, EXAMPLE[index]]));
      if (json) await print(JSON.stringify(row));
      else process.stdout.write(stringify([[...INPUT_FIELDS], EXAMPLE], CSV_FOR_EXCEL));
    });
}
