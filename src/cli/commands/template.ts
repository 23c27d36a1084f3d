import type { Command } from 'commander';
import { stringify } from 'csv-stringify/sync';
import { CSV_FOR_EXCEL } from '../../batch/table-writer.ts';
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

export function define(command: Command): void {
  command.addHelpText('after', '\nExample:\n  $ onboard template > customers.csv').action(() => {
    process.stdout.write(stringify([[...INPUT_FIELDS], EXAMPLE], CSV_FOR_EXCEL));
  });
}
