import { type Command, Option } from 'commander';
import { createFilter, describeFilter } from '../../batch/filter.ts';
import { type Redriven, redrive } from '../../batch/redrive.ts';
import { plural } from '../../text.ts';
import { withSession } from '../context.ts';
import { wholeNumber } from '../number.ts';
import { print, say } from '../output.ts';
import { parseWhen } from '../time.ts';
import { whoRuns } from '../who.ts';

interface RetryOptions {
  code?: string[];
  row?: number[];
  outcome?: ('failed' | 'cancelled')[];
  allFailed?: true;
  at?: number;
  json?: true;
}

const rowNumber = wholeNumber(1, Number.MAX_SAFE_INTEGER);

export function addRetry(program: Command): void {
  program
    .command('retry')
    .description('enqueue failed rows of a batch again, as they are; say which')
    .argument('<batch>', 'id of the batch')
    .option('--code <code...>', 'rows that failed with these codes')
    .option('--row <n...>', 'these rows', (text, earlier: number[] = []) => [...earlier, rowNumber(text)])
    .addOption(
      new Option('--outcome <outcome...>', 'rows with these outcomes').choices(['failed', 'cancelled']),
    )
    .option('--all-failed', 'every failed row, parked ones excepted')
    .option('--at <time>', 'begin then: 2026-01-31T22:00:00+08:00 or +90m', parseWhen)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  $ onboard retry BATCH --code PEER_TIMEOUT\n  $ onboard retry BATCH --row 17 18 --at +1h',
    )
    .action(async (batchId: string, { code, row, outcome, allFailed, at, json }: RetryOptions) => {
      const filter = { codes: code, rows: row, outcomes: outcome, allFailed };
      const picks = createFilter(filter);
      await withSession(async (session) => {
        const { runtime } = await session.findBatch(batchId);
        const order = { by: whoRuns(), picks, filter: describeFilter(filter), delayMs: at };
        const redriven = await redrive(runtime, batchId, order);
        const details = `${plural(redriven.rows, 'row')} (${order.filter})`;
        if (redriven.rows > 0) await runtime.ledger.note(batchId, { by: order.by, action: 'retry', details });
        if (json) await print(JSON.stringify({ batch: batchId, ...redriven }));
        else say(describe(redriven));
      });
    });
}

function describe({ rows, busy }: Redriven): string {
  if (rows + busy === 0) return 'No row fits; nothing is tried again.';
  const left = busy > 0 ? `; leaving ${busy}, because another batch has the customer` : '';
  return `Trying ${plural(rows, 'row')} again${left}.`;
}
