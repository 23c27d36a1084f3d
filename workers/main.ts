/** The workers as a process of their own, without a command line: `node dist/workers/main.js`. */
import { createOnboarding } from '../src/index.ts';
import { createLogger } from '../src/logger.ts';
import { beginOrExit } from '../src/onboarding/begin.ts';
import { readConfiguration } from '../src/onboarding/configuration.ts';
import { untilSignal } from '../src/onboarding/until-signal.ts';

await beginOrExit(async () => {
  const { environment, settings } = readConfiguration();
  const logger = createLogger(settings.logLevel);
  const onboarding = createOnboarding(settings, { environment, logger });
  await onboarding.startWorkers();
  untilSignal(() => onboarding.close(), { graceSeconds: settings.workers.graceSeconds, logger });
});
