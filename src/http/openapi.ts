/** The document of the API, made from the schemas of its routes. */
import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { ownVersion } from '../onboarding/version.ts';
import { LOOKING } from './api-instance.ts';
import { tellKeys } from './idempotency/document.ts';
import { tidy } from './openapi-tidy.ts';

const TAGS = [
  { name: 'Session', description: 'Who asks.' },
  { name: 'Accounts', description: 'Accounts at Alibaba Cloud, and how sending stands.' },
  { name: 'Batches', description: 'Customers that are registered together.' },
  { name: 'Customers', description: 'One customer, in any batch.' },
  {
    name: 'KooGallery',
    description:
      'What was sold in the marketplace of Huawei Cloud, what became of it, and what is reported to it.',
  },
  { name: 'Reviews', description: 'What people found out about reviews of what was submitted.' },
  { name: 'Drafts', description: 'Files that are being corrected.' },
  { name: 'Events', description: 'What happens, as it happens.' },
  { name: 'Doctor', description: 'Whether this installation would work.' },
];

/** To be called before the routes are added; those without a schema stay out of it. */
export async function addDocument(app: FastifyInstance, { basePath }: { basePath: string }): Promise<void> {
  await app.register(swagger, {
    hideUntagged: true,
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'isv-onboarding',
        version: ownVersion(),
        description: "Registers an ISV's customers with Alibaba Cloud Chat App.",
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: basePath || '/' }],
      tags: TAGS,
      security: [{ key: [] }, { session: [] }],
      components: {
        securitySchemes: {
          key: { type: 'http', scheme: 'bearer', description: 'A key: `onboard key add`.' },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: 'onboard_session',
            description: 'Somebody who has logged in to the pages.',
          },
        },
      },
    },
    transform: jsonSchemaTransform,
    transformObject: (document) => tidy(tellKeys(jsonSchemaTransformObject(document))),
  });
  app.get('/openapi.json', { config: LOOKING }, () => app.swagger());
}
