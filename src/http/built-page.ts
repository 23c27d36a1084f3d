/** Pages as Vite built them: a file of HTML, and its scripts and styles in `assets/` beside it. */
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyContextConfig, FastifyInstance } from 'fastify';

/** Vite names each file by its content, so another content has another name; but not the licences of what is built in. */
const FOR_EVER = 'public, max-age=31536000, immutable';
const NOT_BY_CONTENT = 'licenses.md';

/** Below `/assets/`, in a scope of its own. @param config for whom they are */
export async function addAssets(
  assets: FastifyInstance,
  folder: string,
  config: FastifyContextConfig,
): Promise<void> {
  assets.addHook('onRoute', (route) => {
    route.config = { ...route.config, ...config };
  });
  await assets.register(fastifyStatic, {
    root: join(folder, 'assets'),
    prefix: '/assets/',
    preCompressed: true,
    index: false,
    decorateReply: false,
    cacheControl: false,
    setHeaders: (response, path) => {
      if (basename(path) !== NOT_BY_CONTENT) response.header('cache-control', FOR_EVER);
    },
  });
}

/** The build names its files relative to the page, which has several addresses. @param path below which they are */
export function placeBelow(html: string, path: string): string {
  return html.replaceAll('"./assets/', `"${path}/assets/`);
}

/** The package finds itself by its name, from the sources as from the build. */
export function ownBuild(name: 'console' | 'form'): string {
  const { resolve } = createRequire(import.meta.url);
  return join(dirname(resolve('isv-onboarding/package.json')), 'dist', name);
}
