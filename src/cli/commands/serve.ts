import type { Command } from 'commander';
import { openContext } from '../context.ts';
import { print } from '../output.ts';

export function define(command: Command): void {
  command.option('--json', 'print the address as JSON').action(async ({ json }: { json?: true }) => {
    // Loaded only to serve: the pages are the heaviest part of this software.
    const { serve } = await import('../../http/serve.ts');
    // A page that hangs while Redis is away helps nobody.
    const { address } = await serve(openContext({ waitsForRedis: false }));
    await print(json ? JSON.stringify({ address }) : address);
  });
}
