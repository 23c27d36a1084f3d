/** The HTTP server: builds the application, listens, and closes in order. */
import { isLoopbackHost } from '../alibaba/loopback.ts';
import { AppError } from '../errors.ts';
import type { Onboarding } from '../index.ts';
import type { Logger } from '../logger.ts';
import { type Admin, buildApp } from './app.ts';
import { listenOn } from './listening.ts';

export interface ServerOptions {
  onboarding: Onboarding;
  logger: Logger;
}

export interface HttpServer {
  /** `http://127.0.0.1:3000` */
  address: string;
  /** Closes the installation too. */
  stop(): Promise<void>;
}

const CHOOSING = { host: 'with HTTP_HOST', port: 'with HTTP_PORT' };

/** @throws AppError CONFIG_INVALID if the pages would be open to others without a password; USAGE if the port is taken */
export async function startServer({ onboarding, logger }: ServerOptions): Promise<HttpServer> {
  const { http } = onboarding.settings;
  const { host, port, allowsBoardWrites } = http;
  const options = { onboarding, admin: adminOf(http), allowsBoardWrites, logger };
  const app = await buildApp(options).catch(async (error: unknown) => {
    // Open connections would keep the process alive.
    await onboarding.close();
    throw error;
  });

  async function stop(): Promise<void> {
    await app.close();
    await onboarding.close();
  }

  try {
    const address = await listenOn(app, { host, port }, CHOOSING);
    await onboarding.startAlerts();
    return { address, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function adminOf({
  adminUser: user,
  adminPassword: password,
  host,
}: Onboarding['settings']['http']): Admin | undefined {
  if (user !== undefined && password !== undefined) return { user, password };
  if (user !== undefined || password !== undefined || !isLoopbackHost(host))
    throw new AppError(
      'CONFIG_INVALID',
      `Set both ONBOARD_ADMIN_USER and ONBOARD_ADMIN_PASSWORD to serve on ${host}.`,
    );
  return undefined;
}
