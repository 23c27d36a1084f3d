/** The console at `/`: one page for people, its scripts and its styles, as Vite built them. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Logger } from '../logger.ts';
import { BOARD_PATH } from './board.ts';
import { addAssets, ownBuild, placeBelow } from './built-page.ts';

/** Every address of it is the same page, whose script then shows what the address asks for. */
const PAGES = [
  ...['/', '/import', '/import/:draft', '/batches/:id', '/customers', '/customers/:id'],
  ...['/reviews', '/doctor'],
  // Below `/koogallery` the marketplace calls.
  ...['/marketplace', '/marketplace/:channel/:part', '/marketplace/:channel/instances/:id'],
];
const VIEWER = { config: { role: 'viewer', keepsToAccount: true } } as const;

export interface ConsoleOptions {
  /** Below which everything is served. */
  basePath: string;
  /** Where the build is; by default where `npm run build` leaves it in this package. */
  folder?: string;
  logger: Logger;
}

/** Without a build, `/` leads to the queues, and the log says why. */
export async function addConsole(app: FastifyInstance, options: ConsoleOptions): Promise<void> {
  const { basePath, folder = ownBuild('console'), logger } = options;
  const html = await readFile(join(folder, 'index.html'), 'utf8').catch(() => undefined);
  if (html === undefined) {
    const text = 'the console is not built (npm run build), so / leads to the queues';
    logger.warn({ event: 'console_missing', folder }, text);
    app.get('/', VIEWER, (_request, reply) => reply.redirect(`${basePath}${BOARD_PATH}`));
    return;
  }
  const page = placeBelow(html, basePath);
  for (const path of PAGES)
    app.get(path, VIEWER, (_request, reply) =>
      reply.header('cache-control', 'no-store').type('text/html; charset=utf-8').send(page),
    );
  await app.register(async (assets) => addAssets(assets, folder, VIEWER.config));
}
