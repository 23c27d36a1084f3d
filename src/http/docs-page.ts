/** The document of the API as a page at `/docs`, with everything that it loads. */
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { LOOKING } from './api-instance.ts';
import { DOCS_POLICY, policyOf } from './headers.ts';

export async function addDocsPage(app: FastifyInstance, { basePath }: { basePath: string }): Promise<void> {
  await app.register(async (docs) => {
    docs.addHook('onRoute', (route) => {
      route.config = { ...route.config, ...LOOKING };
    });
    docs.addHook('onRequest', async (_request, reply) => {
      await reply.helmet(policyOf(DOCS_POLICY));
    });
    await docs.register(swaggerUi, {
      routePrefix: '/docs',
      // Its links are made from where it is; asked for nothing, it would ask another host about the document.
      indexPrefix: basePath,
      uiConfig: { url: `${basePath}/openapi.json`, validatorUrl: null },
      theme: { title: 'isv-onboarding API' },
    });
  });
}
