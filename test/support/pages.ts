/** The pages without a port, and somebody who has logged in. */
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { onTestFinished } from 'vitest';
import { type AppOptions, buildApp } from '../../src/http/app.ts';
import { createOnboarding } from '../../src/index.ts';
import { createLogger } from '../../src/logger.ts';
import { readSettings } from '../../src/onboarding/config.ts';
import { hashPassword } from '../../src/onboarding/password.ts';
import { ROLES } from '../../src/onboarding/user.ts';
import { changeUsersFile } from '../../src/onboarding/users-file.ts';
import type { World } from './world.ts';

export const PASSWORD = 'correct horse battery';
/** Weak, so that tests need not wait for it. */
const QUICK = { ln: 4, r: 8, p: 1 };

export function openInstallation(world: World, more: NodeJS.ProcessEnv = {}) {
  const environment = { ...world.environment, ...more };
  const settings = readSettings(environment);
  const logger = createLogger('silent');
  const onboarding = createOnboarding(settings, { environment, logger, waitsForRedis: false });
  onTestFinished(() => onboarding.close());
  return onboarding;
}

export async function makeApp(
  world: World,
  more: NodeJS.ProcessEnv = {},
  changes: Partial<AppOptions> = {},
): Promise<FastifyInstance> {
  const onboarding = openInstallation(world, more);
  const app = await buildApp({ onboarding, logger: createLogger('silent'), ...changes });
  onTestFinished(() => app.close());
  return app;
}

/** A file with the users `viewer` and `operator`, who have the roles of their names. */
export async function makeUsers({ folder }: Pick<World, 'folder'>): Promise<{ ONBOARD_USERS: string }> {
  const path = join(folder, 'users.json');
  const password = await quickHash(PASSWORD);
  const changed = new Date().toISOString();
  await changeUsersFile(path, () => ROLES.map((role) => ({ name: role, role, password, changed })));
  return { ONBOARD_USERS: path };
}

export const quickHash = (password: string) => hashPassword(password, QUICK);

export function postLogin(app: FastifyInstance, fields: Record<string, string>, headers = {}) {
  return app.inject({
    method: 'POST',
    url: '/login',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    payload: new URLSearchParams(fields).toString(),
  });
}

/** @returns the header with the cookie */
export async function logIn(app: FastifyInstance, name: string): Promise<{ cookie: string }> {
  const { cookies } = await postLogin(app, { name, password: PASSWORD });
  return { cookie: cookies.map((each) => `${each.name}=${each.value}`).join('; ') };
}
