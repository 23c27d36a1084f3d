import type { Command } from 'commander';
import { stringify } from 'csv-stringify/sync';
import { INPUT_FIELDS } from '../../customer/fields.ts';

const EXAMPLE = [
  'C0200293910000',
  'Merlion Eats Pte. Ltd.',
  '1 Raffles Place, #20-61',
  'terms@customer.example',
  'SG',
  'Order updates',
  'agreement-001.pdf',
];

export function addTemplate(program: Command): void {
  program
    .command('template')
    .description('print a CSV file with the header and one example row')
    .addHelpText('after', '\nExample:\n  $ onboard template > customers.csv')
    .action(() => {
      // A byte order mark, because Excel takes a file without one for the local encoding.
      process.stdout.write(stringify([INPUT_FIELDS, EXAMPLE], { bom: true, record_delimiter: 'windows' }));
    });
}
