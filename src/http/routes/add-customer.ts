/** `POST /v1/customers`: one customer with its agreement. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { GivenAgreement } from '../../agreement/one-agreement.ts';
import { CUSTOMER_FIELDS, INPUT_FIELDS } from '../../customer/fields.ts';
import type { RowProblem } from '../../customer/validate.ts';
import { ERROR_CODES } from '../../error-codes.ts';
import { AppError } from '../../errors.ts';
import { nameOf } from '../access.ts';
import { ACTING, type Api, type ApiOptions, problems } from '../api-instance.ts';
import { accountFor } from '../own-account.ts';
import { sendProblem } from '../problem.ts';
import { CUSTOMER_LIMITS } from '../upload/limits.ts';
import { OneFile } from '../upload/one-file.ts';
import { parseJson } from '../upload/options.ts';
import { type Received, receiveParts } from '../upload/receive.ts';
import { customerUpload } from '../upload/schemas.ts';
import { type Begun, receiveOnce, takeUploads } from '../upload/uploads.ts';

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

const PARTS = { agreements: 'agreement', texts: ['customer', 'account', 'source'] } as const;

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
      const answer = await take(options, { request, reply });
      answer?.();
      return reply;
    },
  });
}

interface Asked {
  request: FastifyRequest;
  reply: FastifyReply;
}

/** @returns how to answer, when nothing of the upload is left; undefined if it is answered already */
async function take(options: ApiOptions, asked: Asked) {
  await using file = new OneFile(options.onboarding.settings.http.draftsFolder);
  const receive = () => receiveParts(asked.request, { into: file, limits: CUSTOMER_LIMITS, ...PARTS });
  return await receiveOnce(options, asked, receive, async (begun) =>
    add(options, { ...begun, agreement: await readAgreement(file) }, asked),
  );
}

async function add(
  { onboarding }: ApiOptions,
  { body, agreement, requestKey }: Begun<Received> & { agreement: GivenAgreement },
  { request, reply }: Asked,
) {
  const found: RowProblem[] = [];
  try {
    const { batchId, row } = await onboarding.addCustomer({
      customer: parse(customerSchema, parseJson(body.fields.get('customer') ?? '', 'customer'), 'customer'),
      agreement,
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

async function readAgreement(file: OneFile): Promise<GivenAgreement> {
  const given = await file.read();
  if (given !== undefined) return given;
  throw new AppError('REQUEST_INVALID', 'There must be exactly one part `agreement`, a PDF.');
}

function parse<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  const [issue] = error.issues;
  const where = [what, ...(issue?.path ?? [])].join('.');
  throw new AppError('REQUEST_INVALID', `${where}: ${issue?.message ?? 'is not as it should be'}.`);
}
