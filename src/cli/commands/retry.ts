import { type Command, Option } from 'commander';
import type { Redriven, RowLeft } from '../../batch/redrive.ts';
import { ERROR_CODES, isErrorCode } from '../../error-codes.ts';
import { describeWhen } from '../../onboarding/describe-when.ts';
import { plural } from '../../text.ts';
import { withRedis } from '../context.ts';
import { atInterrupt } from '../interrupt.ts';
import { wholeNumber } from '../number.ts';
import { print, say } from '../output.ts';
import { parseWhen, WHEN_HELP } from '../time.ts';
import { whoRuns } from '../who.ts';

interface RetryOptions {
  code?: string[];
  row?: number[];
  outcome?: ('failed' | 'cancelled')[];
  allFailed?: true;
  at?: number;
  evenIfSuperseded?: true;
  json?: true;
}

const rowNumber = wholeNumber(1, Number.MAX_SAFE_INTEGER);

export function define(command: Command): void {
  command
    .argument('<batch>', 'id of the batch')
    .option('--code <code...>', 'rows that failed with these codes')
    .option('--row <n...>', 'rows with these numbers', (text, earlier: number[] = []) => [
      ...earlier,
      rowNumber(text),
    ])
    .addOption(
      new Option('--outcome <outcome...>', 'rows with these outcomes').choices(['failed', 'cancelled']),
    )
    .option('--all-failed', 'every failed row except parked ones')
    .option('--at <time>', WHEN_HELP, parseWhen)
    .option('--even-if-superseded', 'with --row: send it although newer data of the customer was sent since')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  $ onboard retry BATCH --code PEER_TIMEOUT\n  $ onboard retry BATCH --row 17 18 --at +1h',
    )
    .action(async (batchId: string, options: RetryOptions) => {
      const { code, row, outcome, allFailed, at, evenIfSuperseded: takesSuperseded, json } = options;
      const filter = { codes: code, rows: row, outcomes: outcome, allFailed };
      atInterrupt(
        () => 'Interrupted. Rows taken up so far are sent; to take up the others, repeat the command.',
      );
      const order = { by: whoRuns(), filter, notBefore: at, takesSuperseded };
      const redriven = await withRedis((onboarding) => onboarding.redrive(batchId, order));
      if (json) await print(JSON.stringify({ batch: batchId, ...redriven }));
      else say(describe(redriven, at));
    });
}

function describe(redriven: Redriven, at: number | undefined): string {
  const { rows, waiting, unchanged, doubtful, left, examples } = redriven;
  if (rows + waiting + unchanged + left === 0) return 'No row matches; nothing is retried.';
  const parts = [
    `Retrying ${plural(rows, 'row')}${at === undefined || rows === 0 ? '' : ` from ${describeWhen(at)}`}`,
    ...(doubtful > 0 ? [`${doubtful} of them were parked and may arrive twice`] : []),
    ...(waiting > 0 ? [`${waiting} wait for another row with the same data`] : []),
    ...(unchanged > 0 ? [`the same data of ${unchanged} was submitted meanwhile`] : []),
  ];
  if (left === 0) return `${parts.join('; ')}.`;
  const more = left > examples.length ? `\n  … and ${left - examples.length} more` : '';
  return `${parts.join('; ')}; ${plural(left, 'row')} left as they are:\n${examples.map(explain).join('\n')}${more}`;
}

function explain({ row, why, place }: RowLeft): string {
  // A parked row is in nobody's way but its own.
  const isItself = why === 'SUBMIT_OUTCOME_UNKNOWN';
  const other = place === undefined || isItself ? '' : ` (row ${place.row} of batch ${place.batchId})`;
  const hint = isErrorCode(why) ? ` → ${ERROR_CODES[why].hint}` : '';
  return `  row ${row}: ${REASONS[why] ?? why}${other}${hint}`;
}

/** Why a row is not retried, in words. */
const REASONS: Record<string, string> = {
  MOVED: 'it has moved on meanwhile',
  SUPERSEDED: 'newer data of the same customer was sent, or is on its way',
  CUSTOMER_BUSY: 'the customer is being sent with other data',
  CUSTOMER_PARKED: 'whether the same data arrived is unknown',
  SUBMIT_OUTCOME_UNKNOWN:
    'it is parked, because whether it arrived is unknown; --row sends it all the same, perhaps twice',
};
