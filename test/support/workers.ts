import { onTestFinished } from 'vitest';
import { createLogger } from '../../src/logger.ts';
import { startWorkers, type Workers, type WorkersOptions } from '../../workers/lifecycle.ts';
import type { World } from './world.ts';

/** Workers in this process. */
export async function runWorkers(
  world: World,
  more: Pick<WorkersOptions, 'outageTiming'> & Partial<Pick<WorkersOptions, 'logger'>> = {},
): Promise<Workers> {
  const workers = await startWorkers({
    accounts: [world.account],
    settings: world.settings,
    concurrency: world.settings.workers.concurrency,
    logger: createLogger(world.settings.logLevel),
    environment: world.environment,
    ...more,
  });
  onTestFinished(workers.stop);
  return workers;
}
