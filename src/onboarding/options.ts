/** What a caller may give besides the settings. */
import { createLogger, type Logger } from '../logger.ts';
import { processEnvironment } from './environment.ts';
import type { Settings } from './settings.ts';

/** What a program may give besides the settings. */
export interface OnboardingOptions {
  /** To standard error at the level of the settings unless given. */
  logger?: Logger;
  /** Where credentials of the type `env` are found; that of the process unless given. */
  environment?: NodeJS.ProcessEnv;
  /** Milliseconds since 1970. */
  now?: () => number;
  /** Whether a call that has begun waits for a Redis that is away (the default), or fails soon. */
  waitsForRedis?: boolean;
}

export function withDefaults(
  options: OnboardingOptions,
  { logLevel }: Settings,
): Required<OnboardingOptions> {
  const { logger = createLogger(logLevel), environment = processEnvironment() } = options;
  const { now = Date.now, waitsForRedis = true } = options;
  return { logger, environment, now, waitsForRedis };
}
