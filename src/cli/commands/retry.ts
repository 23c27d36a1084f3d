import { type Command, Option } from 'commander';
import type { Redriven } from '../../batch/redrive.ts';
import { plural } from '../../text.ts';
import { withRedis } from '../context.ts';
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
    .option('--at <time>', 'start at this time: 2026-01-31T22:00:00+08:00 or +90m', parseWhen)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  $ onboard retry BATCH --code PEER_TIMEOUT\n  $ onboard retry BATCH --row 17 18 --at +1h',
    )
    .action(async (batchId: string, { code, row, outcome, allFailed, at, json }: RetryOptions) => {
      const filter = { codes: code, rows: row, outcomes: outcome, allFailed };
      const order = { by: whoRuns(), filter, notBefore: at };
      const redriven = await withRedis((onboarding) => onboarding.redrive(batchId, order));
      if (json) await print(JSON.stringify({ batch: batchId, ...redriven }));
      else say(describe(redriven));
    });
}

function describe({ rows, busy }: Redriven): string {
  if (rows + busy === 0) return 'No row matches; nothing is retried.';
  const left = busy > 0 ? `; skipping ${busy}, because another batch has the customer` : '';
  return `Retrying ${plural(rows, 'row')}${left}.`;
}
