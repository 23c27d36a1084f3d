/** The HTTP server: builds the application, listens, and closes in order. */
import { isLoopbackHost } from '../alibaba/loopback.ts';
import { AppError } from '../errors.ts';
import type { Onboarding } from '../index.ts';
import type { Logger } from '../logger.ts';
import { readUsersFile } from '../onboarding/users-file.ts';
import { buildApp } from './app.ts';

export interface ServerOptions {
  onboarding: Onboarding;
  logger: Logger;
}

export interface HttpServer {
  /** `http://127.0.0.1:3000`, with the path below which everything is. */
  address: string;
  /** Closes the installation too. */
  stop(): Promise<void>;
}

/** @throws AppError CONFIG_INVALID if the pages would be open to others; USAGE if the port is taken */
export async function startServer({ onboarding, logger }: ServerOptions): Promise<HttpServer> {
  const { http } = onboarding.settings;
  const { host, port } = http;
  await assertProtected(onboarding);
  const app = await buildApp({ onboarding, logger });

  async function stop(): Promise<void> {
    await app.close();
    await onboarding.close();
  }

  try {
    return { address: `${await app.listen({ host, port })}${http.basePath}`, stop };
  } catch (error) {
    await stop();
    throw unavailable(error, http);
  }
}

const ADDRESS_PROBLEMS: Record<string, string> = {
  EADDRINUSE: 'the port is in use; choose another with HTTP_PORT',
  EACCES: 'you may not use that port; choose one above 1023 with HTTP_PORT',
  EADDRNOTAVAIL: 'this machine has no such address; correct HTTP_HOST',
  ENOTFOUND: 'there is no such host; correct HTTP_HOST',
  EAI_AGAIN: 'that host cannot be looked up; correct HTTP_HOST',
};

function unavailable(error: unknown, { host, port }: Onboarding['settings']['http']): unknown {
  const problem = ADDRESS_PROBLEMS[(error as NodeJS.ErrnoException).code ?? ''];
  if (problem === undefined) return error;
  return new AppError('USAGE', `Cannot listen on ${host}:${port}: ${problem}.`, { cause: error });
}

/** What others can reach needs users or keys. @throws AppError CONFIG_INVALID */
async function assertProtected(onboarding: Onboarding): Promise<void> {
  const { host, usersFile, trustedProxies, publicUrl } = onboarding.settings.http;
  if (usersFile !== undefined) return assertUsers(usersFile);
  const isPublic = publicUrl !== undefined && !isLoopbackHost(new URL(publicUrl).hostname);
  if (isLoopbackHost(host) && trustedProxies.length === 0 && !isPublic) return;
  if (await (await onboarding.apiKeys()).exist()) return;
  const who = isLoopbackHost(host)
    ? 'through a proxy (ONBOARD_PUBLIC_URL, ONBOARD_TRUSTED_PROXIES)'
    : `on ${host}`;
  throw new AppError('CONFIG_INVALID', `Others can reach the pages ${who}, and there are no users.`, {
    hint: 'Set ONBOARD_USERS to a file and run `onboard user add NAME --role operator`, or run `onboard key add`.',
  });
}

async function assertUsers(file: string): Promise<void> {
  if ((await readUsersFile(file)).length > 0) return;
  throw new AppError('CONFIG_INVALID', `ONBOARD_USERS: there is nobody in ${file}.`, {
    hint: 'Run `onboard user add NAME --role operator`, or unset it to serve without users on loopback.',
  });
}
