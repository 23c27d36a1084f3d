/** The pages as a process of their own, without a command line: `node dist/src/http/server.js`. */
import { createOnboarding } from '../index.ts';
import { createLogger } from '../logger.ts';
import { beginOrExit } from '../onboarding/begin.ts';
import { readConfiguration } from '../onboarding/configuration.ts';
import { serve } from './serve.ts';

await beginOrExit(async () => {
  const { environment, settings } = readConfiguration();
  const logger = createLogger(settings.logLevel);
  const onboarding = createOnboarding(settings, { environment, logger, waitsForRedis: false });
  const { address } = await serve({ onboarding, logger });
  logger.info({ event: 'serving', address }, 'serving');
});
