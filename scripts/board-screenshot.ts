/** Takes the picture of bull-board of the README: both queues in the middle of an import. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startServer } from '../src/http/listen.ts';
import { createOnboarding } from '../src/index.ts';
import { createLogger } from '../src/logger.ts';
import { readSettings } from '../src/onboarding/config.ts';
import { ChildProgram } from '../src/sandbox/child-program.ts';
import { pickRedis } from '../src/sandbox/local-redis.ts';
import { startSimulator } from '../src/sandbox/simulator/simulator.ts';
import { openBrowser } from '../test/support/browser.ts';
import { ensureBuilt, ONBOARD } from './ensure-built.ts';

await ensureBuilt();
const redis = await pickRedis();
const simulator = await startSimulator({ latencyMs: 600 });
const folder = await mkdtemp(join(tmpdir(), 'onboard-picture-'));
const environment = {
  ...process.env,
  ...simulator.environment,
  REDIS_URL: redis.url,
  AGREEMENT_STORE: folder,
  HTTP_PORT: '0',
  LOG_LEVEL: 'error',
};
const settings = readSettings(environment);
const logger = createLogger(settings.logLevel);
const onboarding = createOnboarding(settings, { environment, logger });
const server = await startServer({ onboarding, logger });
await onboarding.startWorkers();
const browser = await openBrowser();

async function areBothAtWork(): Promise<boolean> {
  const response = await fetch(`${server.address}/queues/api/queues`);
  const { queues } = (await response.json()) as { queues: { counts: Record<string, number> }[] };
  return queues.every(({ counts }) => (counts.completed ?? 0) > 6 && (counts.active ?? 0) > 0);
}

try {
  const parameters = ['import', 'examples/customers.csv', '--agreements', 'examples/agreements'];
  const streams = { stdout: 'inherit', stderr: 'inherit' } as const;
  await new ChildProgram([ONBOARD, ...parameters], { env: environment, ...streams }).ended;
  const page = await browser.newPage({ viewport: { width: 1280, height: 360 }, deviceScaleFactor: 1.5 });
  await page.goto(`${server.address}/queues`);
  await page.getByText('submits.rehearsal.default').first().waitFor();
  while (!(await areBothAtWork())) await sleep(100);
  await page.reload();
  await page.locator('main').getByText('submits.rehearsal.default').waitFor();
  await mkdir('docs', { recursive: true });
  await page.screenshot({ path: 'docs/board.png' });
} finally {
  await browser.close();
  await server.stop();
  await simulator.stop();
  await redis.stop();
  await rm(folder, { recursive: true });
}
