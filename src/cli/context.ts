/** What a command needs: an installation as the environment describes it, closed when the command ends. */
import { createOnboarding, type Onboarding, type Settings } from '../index.ts';
import { createLogger, type Logger } from '../logger.ts';
import { accountsOf } from '../onboarding/accounts.ts';
import { readConfiguration } from '../onboarding/configuration.ts';
import { describeRehearsal } from '../onboarding/rehearsal.ts';
import { placeOf } from '../onboarding/settings.ts';
import { explainRedisError } from '../redis/explain.ts';
import { describePlace } from '../redis/open.ts';
import { say } from './output.ts';

export interface Context {
  onboarding: Onboarding;
  settings: Settings;
  logger: Logger;
}

/** For a process that runs until it is told to stop: it logs at the configured level. */
export function openContext(options: { waitsForRedis?: boolean } = {}): Context {
  const { environment, settings } = readConfiguration();
  const logger = createLogger(settings.logLevel);
  return { settings, logger, onboarding: createOnboarding(settings, { environment, logger, ...options }) };
}

/** Runs a command that needs no Redis, or connects by itself. */
export async function withOnboarding<T>(run: (onboarding: Onboarding) => Promise<T>): Promise<T> {
  const { environment, settings } = readConfiguration();
  // A person reads what the command prints; the log is for those who ask for it.
  const logger = createLogger(settings.logLevel === 'info' ? 'error' : settings.logLevel);
  const onboarding = createOnboarding(settings, { environment, logger });
  try {
    return await run(onboarding);
  } catch (error) {
    // What Redis refuses is said in the same words everywhere.
    throw explainRedisError(error, describePlace(placeOf(settings))) ?? error;
  } finally {
    await onboarding.close();
  }
}

/** Runs a command that is about what was or will be sent; says first if that is only a rehearsal. */
export async function withPeer<T>(run: (onboarding: Onboarding) => Promise<T>): Promise<T> {
  return withOnboarding(async (onboarding) => {
    const rehearsal = describeRehearsal(accountsOf(onboarding.settings));
    if (rehearsal !== undefined) say(rehearsal);
    return run(onboarding);
  });
}

/** The same with a connection to a Redis that may hold our work. */
export async function withRedis<T>(run: (onboarding: Onboarding) => Promise<T>): Promise<T> {
  return withPeer(async (onboarding) => {
    for (const warning of await onboarding.checkRedis()) say(`warning: ${warning}`);
    return run(onboarding);
  });
}
