import { type Command, Option } from 'commander';
import { customerOfStored } from '../../customer/validate.ts';
import { AppError } from '../../errors.ts';
import { withSession } from '../context.ts';
import { wholeNumber } from '../number.ts';
import { say } from '../output.ts';
import { whoRuns } from '../who.ts';

export function addSettle(program: Command): void {
  program
    .command('settle')
    .description('decide a parked row: its submit was sent and the answer was lost')
    .argument('<batch>', 'id of the batch')
    .requiredOption(
      '--row <n>',
      'number of the row, as the result files name it',
      wholeNumber(1, Number.MAX_SAFE_INTEGER),
    )
    .addOption(
      new Option('--as <outcome>', 'what you learned').choices(['submitted', 'failed']).makeOptionMandatory(),
    )
    .addHelpText('after', '\nExample:\n  $ onboard settle 3k9x2fq7d --row 17 --as submitted')
    .action(async (batchId: string, { row, as }: { row: number; as: 'submitted' | 'failed' }) => {
      await withSession(async (session) => {
        const { runtime } = await session.findBatch(batchId);
        const { ledger } = runtime;
        const stored = await ledger.readRow(batchId, row);
        if (!stored?.record.parked)
          throw new AppError('ROW_STATE', `Row ${row} of ${batchId} is not parked.`);
        const { CustSpaceId: custSpaceId } = customerOfStored(
          await ledger.readColumns(batchId),
          stored.input.values,
        );
        const message = `Settled as ${as} by ${whoRuns()}.`;
        await ledger.transition({
          batchId,
          row,
          custSpaceId,
          to: as,
          patch: {
            message,
            parked: false,
            ...(as === 'submitted' ? { code: null, hint: null, class: null } : {}),
          },
        });
        await ledger.note(batchId, { by: whoRuns(), action: 'settle', details: `row ${row} as ${as}` });
        say(`Row ${row} (${custSpaceId}) is ${as}.`);
      });
    });
}
