import type { Command } from 'commander';
import type { Cancelled } from '../../batch/cancel.ts';
import { plural } from '../../text.ts';
import { withRedis } from '../context.ts';
import { atInterrupt } from '../interrupt.ts';
import { print, say } from '../output.ts';
import { whoRuns } from '../who.ts';

export function define(command: Command): void {
  command
    .argument('<batch>', 'id of the batch')
    .option('--json', 'print JSON')
    .action(async (batchId: string, { json }: { json?: true }) => {
      atInterrupt(() => `Interrupted. To complete it, repeat: onboard cancel ${batchId}`);
      const cancelled = await withRedis((onboarding) => onboarding.cancel(batchId, { by: whoRuns() }));
      if (json) await print(JSON.stringify({ batch: batchId, ...cancelled }));
      else for (const line of describe(batchId, cancelled)) say(line);
    });
}

function describe(batchId: string, { rows, retries, isGrowing }: Cancelled): string[] {
  if (retries > 0)
    return [
      `Batch ${batchId} is finished already; ${plural(retries, 'scheduled retry is', 'scheduled retries are')} withdrawn.`,
      `To send those rows after all: onboard retry ${batchId} --all-failed`,
    ];
  return [
    `Cancelled ${plural(rows, 'row')}. To send them after all: onboard retry ${batchId} --outcome cancelled`,
    ...(isGrowing
      ? [
          'Only rows that were there are counted: if an import is still adding some, they are cancelled as they come.',
        ]
      : []),
  ];
}
