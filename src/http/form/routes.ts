/**
 * The form of a purchase, for a buyer who has its link and no login: a page, and two requests of that page. The token of
 * the link comes in a header of ours, which no page of another site can send; without a right one nothing is read.
 */
import multipart from '@fastify/multipart';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../errors.ts';
import { addSecurityHeaders } from '../headers.ts';
import { isFromElsewhere } from '../same-site.ts';
import { addFormPage } from './page.ts';
import { sendFormFailure } from './refusals.ts';
import type { Asked, FormRoutes } from './serving.ts';
import { createSubmissionLimit } from './submission-limit.ts';
import { submitting } from './submit.ts';
import { createTokenLimit } from './token-limit.ts';

/** Below the path under which everything is served. */
const FOLDER = '/form';

declare module 'fastify' {
  interface FastifyRequest {
    formAsked: Asked | undefined;
  }
}

/** In a scope of its own, to be added before what asks who calls: the link says it. */
export async function addForms(app: FastifyInstance, routes: FormRoutes): Promise<void> {
  if (routes.forms.length === 0) return;
  await app.register(
    async (scope) => {
      await addSecurityHeaders(scope);
      await addFormPage(scope, routes);
      await scope.register(async (api) => addRequests(api, routes));
    },
    { prefix: `${routes.basePath}${FOLDER}` },
  );
}

async function addRequests(api: FastifyInstance, routes: FormRoutes): Promise<void> {
  const bySlug = new Map(routes.forms.map((form) => [form.channel.slug, form]));
  const limit = await createTokenLimit(api);
  api.decorateRequest('formAsked', undefined);
  api.removeAllContentTypeParsers();
  await api.register(multipart);
  api.setErrorHandler((error, request, reply) => sendFormFailure(error as FastifyError, request, reply));
  api.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    const { method, host, headers } = request;
    if (isFromElsewhere({ method, host, headers }, routes.publicUrl))
      throw new AppError('ORIGIN_REFUSED', "This request comes from another site's page.");
    const { slug = '' } = request.params as { slug?: string };
    const form = bySlug.get(slug);
    const instanceId = form?.instanceOf(String(headers['form-token'] ?? ''));
    if (form !== undefined && instanceId !== undefined) request.formAsked = { form, instanceId };
    else await limit.refuse(request, reply);
  });
  const config = { role: 'anyone' } as const;
  api.get('/:slug/state', { config }, async (request) => {
    const { form, instanceId } = askedOf(request);
    return form.view(instanceId);
  });
  const submit = submitting(routes, createSubmissionLimit(api));
  api.post(
    '/:slug/submission',
    { config: { ...config, readsOwnBody: true } },
    async (request: FastifyRequest, reply: FastifyReply) => submit(askedOf(request), request, reply),
  );
}

function askedOf({ formAsked }: FastifyRequest): Asked {
  if (formAsked === undefined) throw new Error('the token was not asked for');
  return formAsked;
}
