import type { Command } from 'commander';
import { renderTable } from '../../text.ts';
import { withSession } from '../context.ts';
import { print } from '../output.ts';

export function addLog(program: Command): void {
  program
    .command('log')
    .description('who did what to a batch, and when')
    .argument('<batch>', 'id of the batch')
    .option('--json', 'print each entry as one line of JSON')
    .action(async (batchId: string, { json }: { json?: true }) => {
      await withSession(async (session) => {
        const { runtime } = await session.findBatch(batchId);
        const entries = await runtime.ledger.readLog(batchId);
        if (json) for (const entry of entries) await print(JSON.stringify(entry));
        else
          await print(
            renderTable(
              entries.map(({ at, by, action, details }) => [new Date(at).toISOString(), by, action, details]),
            ),
          );
      });
    });
}
