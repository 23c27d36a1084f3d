/** The page of forms: one for all of them, because the link says which one after its `#`. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { addAssets, ownBuild, placeBelow } from '../built-page.ts';
import type { FormRoutes } from './serving.ts';

const ANYONE = { config: { role: 'anyone' } } as const;

/** Without a build there is no page, and the log says why. */
export async function addFormPage(scope: FastifyInstance, routes: FormRoutes): Promise<void> {
  const { basePath, logger, pageFolder = ownBuild('form') } = routes;
  const html = await readFile(join(pageFolder, 'index.html'), 'utf8').catch(() => undefined);
  if (html === undefined) {
    logger.warn({ event: 'form_missing', folder: pageFolder }, 'the form is not built (npm run build)');
    return;
  }
  const page = placeBelow(html, `${basePath}/form`);
  scope.get('/:slug', ANYONE, (_request, reply) =>
    reply.header('cache-control', 'no-store').type('text/html; charset=utf-8').send(page),
  );
  await scope.register(async (assets) => addAssets(assets, pageFolder, ANYONE.config));
}
