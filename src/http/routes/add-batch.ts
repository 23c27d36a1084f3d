/** `POST /v1/batches` and `POST /v1/batches/validate`: a file of customers with their agreements. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ImportOrder } from '../../batch/import.ts';
import { AppError } from '../../errors.ts';
import type { Onboarding } from '../../index.ts';
import { BATCH_STATES } from '../../ledger/batch-state.ts';
import { nameOf } from '../access.ts';
import { ACTING, type Api, type ApiOptions, problems } from '../api-instance.ts';
import { accountFor } from '../own-account.ts';
import { sendProblem } from '../problem.ts';
import { checkSchema, sendCheck } from '../upload/check.ts';
import { RowErrors } from '../upload/errors.ts';
import type { UploadFolder } from '../upload/folder.ts';
import { batchLimits } from '../upload/limits.ts';
import { type BatchOptions, optionsQuery, parseOptions, toOrder } from '../upload/options.ts';
import { PLAIN_TYPES, receivePlain } from '../upload/plain.ts';
import { receiveParts } from '../upload/receive.ts';
import { batchUpload } from '../upload/schemas.ts';
import { type Taken, takeOnce, takeUploads, type UploadAsked } from '../upload/uploads.ts';

const flag = z.enum(['true', 'false']).transform((text) => text === 'true');
const createQuery = optionsQuery.extend({ dryRun: flag.optional().describe('Check all, enqueue nothing.') });

export const begunSchema = z
  .object({
    id: z.string(),
    state: z.enum(BATCH_STATES),
    rows: z.number().int(),
    etaSeconds: z.number().optional().describe('Until all is done; missing while nothing moves.'),
  })
  .meta({ id: 'BegunBatch', examples: [{ id: '3k9x2fq7d', state: 'running', rows: 212, etaSeconds: 42.4 }] });

const COMMON = { tags: ['Batches'], consumes: ['multipart/form-data', ...PLAIN_TYPES], body: batchUpload };
const REFUSALS = problems(404, 409, 413, 415, 422, 429);

export interface Asked {
  request: FastifyRequest;
  reply: FastifyReply;
}

export async function addBatchUploads(api: Api, options: ApiOptions): Promise<void> {
  await takeUploads(api);
  const take = (asked: UploadAsked, use: (taken: Taken<Uploaded>) => Promise<() => unknown>) =>
    takeOnce(
      options,
      { ...asked, limits: options.uploads },
      (folder) => receive(options, asked.request, folder),
      use,
    );
  api.route({
    method: 'POST',
    url: '/batches',
    config: { ...ACTING, readsOwnBody: true },
    schema: {
      ...COMMON,
      operationId: 'createBatch',
      summary: 'Register customers as one batch',
      description: 'All rows, or none: if one is wrong, nothing is enqueued, unless skipInvalid says so.',
      querystring: createQuery,
      response: { 200: checkSchema, 202: begunSchema, ...REFUSALS },
    },
    handler: async (request, reply) => {
      const asked = { request, reply };
      const { dryRun } = request.query;
      await take({ ...asked, changesNothing: dryRun }, (taken) =>
        dryRun ? tryOut(options, taken, asked) : create(options, taken, asked),
      );
      return reply;
    },
  });
  api.route({
    method: 'POST',
    url: '/batches/validate',
    config: { ...ACTING, readsOwnBody: true },
    schema: {
      ...COMMON,
      operationId: 'validateBatch',
      summary: 'Check customers and enqueue nothing',
      description: 'With `Accept: text/csv`, the problems come as a table.',
      querystring: optionsQuery,
      response: { 200: checkSchema, ...REFUSALS },
    },
    handler: async (request, reply) => {
      const asked = { request, reply, changesNothing: true };
      await take(asked, (taken) => check(options, taken, asked));
      return reply;
    },
  });
}

/** A file of customers on disk, and how it is meant. */
interface Uploaded {
  table: string;
  options: BatchOptions;
  remarks: string[];
  digest: string;
}

async function receive(
  { onboarding }: ApiOptions,
  request: FastifyRequest,
  folder: UploadFolder,
): Promise<Uploaded> {
  const limits = batchLimits(onboarding.settings.http);
  if (!request.isMultipart()) return { ...(await receivePlain(request, { folder, limits })), remarks: [] };
  const parts = { agreements: 'agreements', table: 'customers', texts: ['options'] };
  const { table, fields, ...received } = await receiveParts(request, { into: folder, limits, ...parts });
  if (table === undefined)
    throw new AppError('REQUEST_INVALID', 'There is no part `customers`, the file of customers.');
  return { ...received, table, options: parseOptions(fields.get('options')) };
}

type Order = ImportOrder & { account?: string };

function orderOf({ body, folder, requestKey }: Taken<Uploaded>, request: FastifyRequest): Order {
  const account = accountFor(request, body.options.account);
  return {
    ...toOrder(body.options),
    ...(account === undefined ? {} : { account }),
    from: { path: body.table },
    agreements: folder.agreements,
    by: nameOf(request),
    requestKey,
  };
}

async function create({ onboarding }: ApiOptions, taken: Taken<Uploaded>, asked: Asked) {
  const order = orderOf(taken, asked.request);
  const done = order.requestKey && (await onboarding.findImported(order.requestKey, order));
  if (done) return begun(onboarding, done, asked);
  const found = new RowErrors();
  try {
    const { batchId } = await onboarding.import({ ...order, onInvalid: found.onInvalid });
    return await begun(onboarding, batchId, asked);
  } catch (error) {
    return refusal(asked.reply, found, error);
  }
}

export async function begun(onboarding: Onboarding, batchId: string, { request, reply }: Asked) {
  const { batch, progress } = await onboarding.status(batchId);
  const { state, total: rows } = batch;
  const path = `${onboarding.settings.http.basePath}/v1/batches/${batchId}`;
  request.log.info({ event: 'batch_posted', batch: batchId, by: nameOf(request), rows }, 'batch posted');
  const { etaSeconds } = progress;
  return () => reply.code(202).header('location', path).send({ id: batchId, state, rows, etaSeconds });
}

async function tryOut({ onboarding }: ApiOptions, taken: Taken<Uploaded>, asked: Asked) {
  const found = new RowErrors();
  const notes: string[] = [...taken.body.remarks];
  try {
    const { summary } = await onboarding.dryRun({
      ...orderOf(taken, asked.request),
      onInvalid: found.onInvalid,
      onWarning: found.onWarning,
      onRecognised: (more) => notes.push(...more),
    });
    return () => sendCheck(asked, { summary, found, notes });
  } catch (error) {
    return refusal(asked.reply, found, error);
  }
}

async function check({ onboarding }: ApiOptions, taken: Taken<Uploaded>, asked: Asked) {
  const found = new RowErrors();
  const notes: string[] = [...taken.body.remarks];
  const summary = await onboarding.validate({
    ...orderOf(taken, asked.request),
    onInvalid: found.onInvalid,
    onWarning: found.onWarning,
    onRecognised: (more) => notes.push(...more),
  });
  return () => sendCheck(asked, { summary, found, notes });
}

/** Rows that are wrong are all told; anything else is an error like any other. */
export function refusal(reply: FastifyReply, { errors, total }: RowErrors, error: unknown) {
  if (!(error instanceof AppError) || error.code !== 'INPUT_INVALID') throw error;
  const { code, message } = error;
  return () => sendProblem(reply, 422, code, message, { errors, total });
}
