/** The workers as a process of their own, without a command line: `node dist/workers/main.js`. */
import { work } from '../src/http/work.ts';
import { createOnboarding } from '../src/index.ts';
import { createLogger } from '../src/logger.ts';
import { beginOrExit } from '../src/onboarding/begin.ts';
import { readConfiguration } from '../src/onboarding/configuration.ts';

await beginOrExit(async () => {
  const { environment, settings } = readConfiguration();
  const logger = createLogger(settings.logLevel);
  const onboarding = createOnboarding(settings, { environment, logger });
  await work({ onboarding, logger });
});
