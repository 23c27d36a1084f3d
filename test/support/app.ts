/** The HTTP application of a world, without a port. */
import { onTestFinished } from 'vitest';
import { type AppOptions, buildApp } from '../../src/http/app.ts';
import { createOnboarding } from '../../src/index.ts';
import { createLogger } from '../../src/logger.ts';
import { readSettings } from '../../src/onboarding/config.ts';
import type { World } from './world.ts';

const logger = createLogger('silent');

export function openInstallation({ environment }: World, more: NodeJS.ProcessEnv = {}) {
  const settings = readSettings({ ...environment, ...more });
  const onboarding = createOnboarding(settings, { environment, logger, waitsForRedis: false });
  onTestFinished(() => onboarding.close());
  return onboarding;
}

export async function makeApp(world: World, changes: Partial<AppOptions> = {}) {
  const onboarding = openInstallation(world);
  const app = await buildApp({ onboarding, admin: undefined, allowsBoardWrites: false, logger, ...changes });
  onTestFinished(() => app.close());
  return app;
}
