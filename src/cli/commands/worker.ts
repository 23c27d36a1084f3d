import closeWithGrace from 'close-with-grace';
import type { Command } from 'commander';
import { startWorkers } from '../../../workers/lifecycle.ts';
import { findAccount } from '../../onboarding/accounts.ts';
import { connectRedis } from '../../redis/connect.ts';
import { assertSuitableRedis } from '../../redis/suitability.ts';
import { loadSettings } from '../context.ts';
import { wholeNumber } from '../number.ts';

export function addWorker(program: Command): void {
  program
    .command('worker')
    .description('run the workers until SIGTERM or Ctrl-C; start as many as you like')
    .option('--account <name...>', 'serve only these accounts')
    .option('--concurrency <n>', 'jobs at a time for each queue', wholeNumber(1, 200))
    .action(async (options: { account?: string[]; concurrency?: number }) => {
      const { config, accounts, logger } = loadSettings();
      const redis = connectRedis(config.REDIS_URL, { waitsForever: false });
      try {
        for (const warning of await assertSuitableRedis(redis))
          logger.warn({ event: 'redis_warning' }, warning);
      } finally {
        redis.disconnect();
      }
      const served = options.account?.map((name) => findAccount(accounts, name)) ?? accounts;
      const concurrency = options.concurrency ?? config.ONBOARD_CONCURRENCY;
      const workers = await startWorkers({
        accounts: served,
        config,
        concurrency,
        logger,
        environment: process.env,
      });
      closeWithGrace({ delay: config.ONBOARD_GRACE_SECONDS * 1000, logger: false }, async ({ err }) => {
        if (err)
          logger.fatal({ event: 'worker_crashed', error: err.message, stack: err.stack }, 'unexpected error');
        await workers.stop();
      });
    });
}
