import closeWithGrace from 'close-with-grace';
import type { Command } from 'commander';
import { BOARD_PATH } from '../../http/board.ts';
import { startServer } from '../../http/server.ts';
import { loadSettings } from '../context.ts';
import { print } from '../output.ts';

const CLOSE_WITHIN_MS = 5_000;

export function addServe(program: Command): void {
  program
    .command('serve')
    .description('serve bull-board, metrics and the health check until SIGTERM or Ctrl-C')
    .action(async () => {
      const server = await startServer(loadSettings());
      await print(`${server.address}${BOARD_PATH}`);
      closeWithGrace({ delay: CLOSE_WITHIN_MS, logger: false }, () => server.stop());
    });
}
