/** `POST /v1/customers`: one customer with its agreement. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { CUSTOMER_FIELDS, INPUT_FIELDS } from '../../customer/fields.ts';
import type { RowProblem } from '../../customer/validate.ts';
import { ERROR_CODES } from '../../error-codes.ts';
import { AppError } from '../../errors.ts';
import { nameOf } from '../access.ts';
import { ACTING, type Api, type ApiOptions, problems } from '../api-instance.ts';
import { accountFor } from '../own-account.ts';
import { sendProblem } from '../problem.ts';
import { CUSTOMER_LIMITS } from '../upload/limits.ts';
import { parseJson } from '../upload/options.ts';
import { type Received, receiveParts } from '../upload/receive.ts';
import { customerUpload } from '../upload/schemas.ts';
import { type Taken, takeOnce, takeUploads } from '../upload/uploads.ts';

const addedSchema = z
  .object({ batch: z.string(), row: z.number().int() })
  .meta({ id: 'AddedCustomer', examples: [{ batch: '3k9x2fq7d', row: 17 }] });

const customerSchema = z.strictObject(
  Object.fromEntries(CUSTOMER_FIELDS.map((field) => [field, z.string()])) as Record<
    (typeof CUSTOMER_FIELDS)[number],
    z.ZodString
  >,
);
const sourceSchema = z.string().trim().min(1).max(100).optional();

const PARTS = { agreements: 'agreement', keepsZips: true, texts: ['customer', 'account', 'source'] } as const;

export async function addCustomerUploads(api: Api, options: ApiOptions): Promise<void> {
  await takeUploads(api);
  api.route({
    method: 'POST',
    url: '/customers',
    config: { ...ACTING, readsOwnBody: true },
    schema: {
      operationId: 'addCustomer',
      summary: 'Register one customer',
      description: 'It becomes the next row of the batch of its day, its source and whoever adds it.',
      tags: ['Customers'],
      consumes: ['multipart/form-data'],
      body: customerUpload,
      response: { 202: addedSchema, ...problems(404, 409, 413, 415, 422) },
    },
    handler: async (request, reply) => {
      await takeOnce(
        options,
        { request, reply },
        (folder) => receiveParts(request, { folder, limits: CUSTOMER_LIMITS, ...PARTS }),
        (taken) => add(options, taken, { request, reply }),
      );
      return reply;
    },
  });
}

async function add(
  { onboarding }: ApiOptions,
  { body, folder, requestKey }: Taken<Received>,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
) {
  const found: RowProblem[] = [];
  try {
    const { batchId, row } = await onboarding.addCustomer({
      customer: parse(customerSchema, parseJson(body.fields.get('customer') ?? '', 'customer'), 'customer'),
      agreement: await readAgreement(folder.agreements),
      source: parse(sourceSchema, body.fields.get('source'), 'source') ?? nameOf(request),
      account: accountFor(request, body.fields.get('account')),
      by: nameOf(request),
      requestKey,
      onInvalid: (problems) => found.push(...problems),
    });
    return () => reply.code(202).send({ batch: batchId, row });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'INPUT_INVALID') throw error;
    const { code, message } = error;
    return () => sendProblem(reply, 422, code, message, { errors: found.map(toError) });
  }
}

/** There is one column for each field, in their order. */
function toError({ column, code, message }: RowProblem) {
  const field = INPUT_FIELDS.find((name) => column?.startsWith(`${name} `));
  const where = field === 'IsvTerms' ? 'agreement' : field && `customer.${field}`;
  return { field: where, column: field, code, message, hint: ERROR_CODES[code].hint };
}

async function readAgreement(folder: string) {
  const [name, ...more] = await readdir(folder);
  if (name === undefined || more.length > 0)
    throw new AppError('REQUEST_INVALID', 'There must be exactly one part `agreement`, a PDF.');
  return { name, content: await readFile(join(folder, name)) };
}

function parse<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  const [issue] = error.issues;
  const where = [what, ...(issue?.path ?? [])].join('.');
  throw new AppError('REQUEST_INVALID', `${where}: ${issue?.message ?? 'is not as it should be'}.`);
}
