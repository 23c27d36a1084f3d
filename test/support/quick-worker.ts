/**
 * A worker process whose heartbeats follow each other quickly: `quick-worker.ts EVERY_MS GONE_AFTER_MS`. The usual times
 * are longer than a test waits.
 */
import { createLogger } from '../../src/logger.ts';
import { accountsOf } from '../../src/onboarding/accounts.ts';
import { readSettings } from '../../src/onboarding/config.ts';
import { startWorkers } from '../../workers/lifecycle.ts';

const [everyMs, goneAfterMs] = process.argv.slice(2).map(Number);
const settings = readSettings(process.env);
const workers = await startWorkers({
  settings,
  accounts: accountsOf(settings),
  concurrency: settings.workers.concurrency,
  logger: createLogger('info'),
  environment: process.env,
  heartbeatTiming: { everyMs, goneAfterMs },
});
process.once('SIGTERM', () => workers.stop());
