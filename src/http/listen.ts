/** The HTTP server: builds the application, listens, and closes in order. */
import { isLoopbackHost } from '../alibaba/loopback.ts';
import { AppError } from '../errors.ts';
import type { Onboarding } from '../index.ts';
import type { Logger } from '../logger.ts';
import { type Admin, buildApp } from './app.ts';

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

/** @throws AppError CONFIG_INVALID if the pages would be open to others without a password; USAGE if the port is taken */
export async function startServer({ onboarding, logger }: ServerOptions): Promise<HttpServer> {
  const { http } = onboarding.settings;
  const { host, port, allowsBoardWrites } = http;
  const app = await buildApp({ onboarding, admin: adminOf(http), allowsBoardWrites, logger });

  async function stop(): Promise<void> {
    await app.close();
    await onboarding.close();
  }

  try {
    return { address: await app.listen({ host, port }), stop };
  } catch (error) {
    await stop();
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new AppError('USAGE', `Port ${port} is in use; choose another with HTTP_PORT.`, { cause: error });
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
