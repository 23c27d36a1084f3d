import type { Command } from 'commander';
import type { LogEntry } from '../../index.ts';
import { renderTable } from '../../text.ts';
import { withRedis } from '../context.ts';
import { print } from '../output.ts';

export function define(command: Command): void {
  command
    .argument('<batch>', 'id of the batch')
    .option('--json', 'print each entry as one line of JSON')
    .action(async (batchId: string, { json }: { json?: true }) => {
      const entries = await withRedis((onboarding) => onboarding.log(batchId));
      if (json) for (const entry of entries) await print(JSON.stringify(entry));
      else await print(renderTable(entries.map(line)));
    });
}

function line({ at, by, action, details }: LogEntry): string[] {
  return [new Date(at).toISOString(), by, action, details];
}
