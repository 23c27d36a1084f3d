/**
 * The environment, read once and turned into settings. All problems are reported together.
 */

import { findMissing } from '../notify/receivers.ts';
import { DEFAULT_ACCOUNT } from './accounts.ts';
import { findMissingSecrets } from './koogallery-settings.ts';
import { parseSettings, type Settings, settingsSchema } from './settings.ts';
import { CREDENTIALS_FROM_ENVIRONMENT, ENDED_VARIABLES, VARIABLES } from './variables.ts';

/**
 * Reads the settings. Empty values count as unset, as shells and compose files produce them.
 * @throws AppError CONFIG_INVALID that names every bad variable, never its value: it may be a secret.
 */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  const ended = Object.entries(ENDED_VARIABLES).filter(([name]) => environment[name]);
  const problems = ended.map(([name, instead]) => `${name}: ${instead}`);
  const read = (name: string): unknown => {
    const text = environment[name] || environment[VARIABLES[name]?.alias ?? ''];
    if (!text) return undefined;
    try {
      return (VARIABLES[name]?.read ?? String)(text);
    } catch (error) {
      problems.push(`${name}: ${(error as Error).message}`);
      return undefined;
    }
  };
  // Without an accounts file there is one account; its key also opens an agreement store that is a bucket.
  const credentials = read('ONBOARD_CREDENTIALS') ?? CREDENTIALS_FROM_ENVIRONMENT;
  const input = { accounts: [{ name: DEFAULT_ACCOUNT, credentials }], agreementStore: { credentials } };
  for (const [name, { setting }] of Object.entries(VARIABLES)) {
    const value = setting === undefined ? undefined : read(name);
    if (setting !== undefined && value !== undefined) assign(input, setting.split('.'), value);
  }
  problems.push(...problemsOfAlerts(input, environment), ...problemsOfChannels(input, environment));
  return parseSettings(input, { nameOf: nameOfVariable, problems });
}

/** Receivers name variables of their own. What else is wrong with a receiver is found with everything else. */
function problemsOfAlerts(input: object, environment: NodeJS.ProcessEnv): string[] {
  const alerts = settingsSchema.shape.alerts.safeParse('alerts' in input ? input.alerts : undefined);
  const missing = alerts.success ? findMissing(alerts.data, environment) : [];
  return missing.map((problem) => `${nameOfVariable('alerts')}: ${problem}`);
}

/** So do channels. */
function problemsOfChannels(input: object, environment: NodeJS.ProcessEnv): string[] {
  const koogallery = settingsSchema.shape.koogallery.safeParse('koogallery' in input ? input.koogallery : {});
  const missing = koogallery.success ? findMissingSecrets(koogallery.data.channels, environment) : [];
  return missing.map((problem) => `${nameOfVariable('koogallery.channels')}: ${problem}`);
}

function assign(target: Record<string, unknown>, [key = '', ...rest]: string[], value: unknown): void {
  if (rest.length === 0) {
    target[key] = value;
    return;
  }
  target[key] ??= {};
  assign(target[key] as Record<string, unknown>, rest, value);
}

/** `chatApp.timeoutMs` → `CHATAPP_TIMEOUT_MS`; what lies below a setting, such as one account, is kept behind it. */
function nameOfVariable(path: string): string {
  const found = Object.entries(VARIABLES).find(
    ([, { setting }]) => setting !== undefined && (path === setting || path.startsWith(`${setting}.`)),
  );
  if (found === undefined) return path;
  const [name, { setting = '' }] = found;
  return path === setting ? name : `${name}: ${path.slice(setting.length + 1)}`;
}
