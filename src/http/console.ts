/** The console at `/`: one page for people, its scripts and its styles, as Vite built them. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import type { Logger } from '../logger.ts';
import { BOARD_PATH } from './board.ts';

/** Every address of it is the same page, whose script then shows what the address asks for. */
const PAGES = [
  ...['/', '/import', '/import/:draft', '/batches/:id', '/customers', '/customers/:id'],
  ...['/reviews', '/doctor'],
  // Below `/koogallery` the marketplace calls.
  ...['/marketplace', '/marketplace/:channel/:part', '/marketplace/:channel/instances/:id'],
];
const VIEWER = { config: { role: 'viewer', keepsToAccount: true } } as const;
/** Vite names each file by its content, so another content has another name. */
const FOR_EVER = 'public, max-age=31536000, immutable';

export interface ConsoleOptions {
  /** Below which everything is served. */
  basePath: string;
  /** Where the build is; by default where `npm run build` leaves it in this package. */
  folder?: string;
  logger: Logger;
}

/** Without a build, `/` leads to the queues, and the log says why. */
export async function addConsole(app: FastifyInstance, options: ConsoleOptions): Promise<void> {
  const { basePath, folder = ownBuild(), logger } = options;
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
  await app.register(async (assets) => addAssets(assets, folder));
}

async function addAssets(assets: FastifyInstance, folder: string): Promise<void> {
  assets.addHook('onRoute', (route) => {
    route.config = { ...route.config, ...VIEWER.config };
  });
  await assets.register(fastifyStatic, {
    root: join(folder, 'assets'),
    prefix: '/assets/',
    preCompressed: true,
    index: false,
    decorateReply: false,
    cacheControl: false,
    setHeaders: (response) => response.header('cache-control', FOR_EVER),
  });
}

/** The build names its files relative to the page, which has several addresses. */
function placeBelow(html: string, basePath: string): string {
  return html.replaceAll('"./assets/', `"${basePath}/assets/`);
}

/** The package finds itself by its name, from the sources as from the build. */
function ownBuild(): string {
  const { resolve } = createRequire(import.meta.url);
  return join(dirname(resolve('isv-onboarding/package.json')), 'dist', 'console');
}
