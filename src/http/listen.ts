/** The HTTP server: builds the application, listens, and closes in order. */
import type { FastifyInstance } from 'fastify';
import { isLoopbackHost } from '../alibaba/loopback.ts';
import { warnOfUploads } from '../draft/uploads-folder.ts';
import { AppError } from '../errors.ts';
import type { Onboarding } from '../index.ts';
import type { Logger } from '../logger.ts';
import { readUsersFile } from '../onboarding/users-file.ts';
import { buildApp } from './app.ts';
import { listenOn } from './listening.ts';
import { isForThisMachine } from './same-site.ts';

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

const CHOOSING = { host: 'with HTTP_HOST', port: 'with HTTP_PORT' };

/** @throws AppError CONFIG_INVALID if the pages would be open to others; USAGE if the port is taken */
export async function startServer({ onboarding, logger }: ServerOptions): Promise<HttpServer> {
  const { http } = onboarding.settings;
  const { host, port } = http;
  const app = await build({ onboarding, logger }).catch(async (error: unknown) => {
    // Open connections would keep the process alive.
    await onboarding.close();
    throw error;
  });

  async function stop(): Promise<void> {
    await app.close();
    await onboarding.close();
  }

  try {
    await warnOfUploads(http.draftsFolder, logger);
    const address = await listenOn(app, { host, port }, CHOOSING);
    await onboarding.startAlerts();
    return { address: `${address}${http.basePath}`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function build(options: ServerOptions): Promise<FastifyInstance> {
  await assertProtected(options.onboarding);
  return buildApp(options);
}

/** What others can reach needs users or keys. @throws AppError CONFIG_INVALID */
async function assertProtected(onboarding: Onboarding): Promise<void> {
  const { host, usersFile } = onboarding.settings.http;
  if (usersFile !== undefined) return assertUsers(usersFile);
  if (isForThisMachine(onboarding.settings.http)) return;
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
