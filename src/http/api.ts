/** The HTTP API at `/v1`, and its document at `/openapi.json`. */
import type { FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { ApiOptions } from './api-instance.ts';
import { addDocsPage } from './docs-page.ts';
import { sendFailure } from './failures.ts';
import { addIdempotency } from './idempotency/idempotency.ts';
import { Limits } from './limits.ts';
import { addDocument } from './openapi.ts';
import { sendProblem } from './problem.ts';
import { addAccounts } from './routes/accounts.ts';
import { addBatchUploads } from './routes/add-batch.ts';
import { addCustomerUploads } from './routes/add-customer.ts';
import { addBatches } from './routes/batches.ts';
import { addCustomers } from './routes/customers.ts';
import { addDoctor } from './routes/doctor.ts';
import { addDrafts } from './routes/drafts.ts';
import { addEvents } from './routes/events.ts';
import { addChannels } from './routes/koogallery-channels.ts';
import { addInstances } from './routes/koogallery-instances.ts';
import { addUsageRecords } from './routes/koogallery-records.ts';
import { addTaskRetries } from './routes/koogallery-retry.ts';
import { addKooGalleryUsage } from './routes/koogallery-usage.ts';
import { addResults } from './routes/results.ts';
import { addReviews } from './routes/reviews.ts';
import { addRows } from './routes/rows.ts';
import { addSession } from './routes/session.ts';
import { addVerbs } from './routes/verbs.ts';
import { continueTraces } from './trace-parent.ts';

/** Each holds a connection and room on the disk for minutes, and then a processor. */
const UPLOADS = { all: 24, each: 6 };

/** Each adds the routes of one resource. */
const RESOURCES = [
  addSession,
  addAccounts,
  addBatches,
  addBatchUploads,
  addRows,
  addResults,
  addVerbs,
  addCustomers,
  addCustomerUploads,
  addDrafts,
  addReviews,
  addKooGalleryUsage,
  addDoctor,
  addChannels,
  addInstances,
  addTaskRetries,
  addUsageRecords,
  addEvents,
];

export async function addApi(app: FastifyInstance, given: Omit<ApiOptions, 'uploads'>): Promise<void> {
  const options = { ...given, uploads: new Limits(UPLOADS) };
  await app.register(async (scope) => {
    await addDocument(scope, options.onboarding.settings.http);
    await addDocsPage(scope, options.onboarding.settings.http);
    await scope.register(
      async (plain) => {
        const api = plain.withTypeProvider<ZodTypeProvider>();
        api.setValidatorCompiler(validatorCompiler);
        api.setSerializerCompiler(serializerCompiler);
        api.setErrorHandler(sendFailure);
        api.setNotFoundHandler((_request, reply) =>
          sendProblem(reply, 404, 'ROUTE_UNKNOWN', 'There is nothing under this address.'),
        );
        addIdempotency(api, options.onboarding);
        continueTraces(api, options.onboarding);
        // Each in a scope of its own, for hooks that only it needs.
        for (const addResource of RESOURCES)
          await api.register(async (resource) =>
            addResource(resource.withTypeProvider<ZodTypeProvider>(), options),
          );
      },
      { prefix: '/v1' },
    );
  });
}
