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
    const address = await app.listen({ host, port });
    await onboarding.startAlerts();
    return { address, stop };
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
