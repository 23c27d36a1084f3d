/** What a buyer has typed, and the signed agreement, as parts of a form. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { CUSTOMER_FIELDS } from '../../customer/fields.ts';
import { AppError } from '../../errors.ts';
import { Limits } from '../limits.ts';
import { sendProblem } from '../problem.ts';
import { CUSTOMER_LIMITS, type UploadLimits } from '../upload/limits.ts';
import { OneFile } from '../upload/one-file.ts';
import { parseJson } from '../upload/options.ts';
import { receiveParts } from '../upload/receive.ts';
import type { Asked, FormRoutes } from './serving.ts';
import type { SubmissionLimit } from './submission-limit.ts';

/** Agreements come over slow lines, too. */
const LIMITS: UploadLimits = { ...CUSTOMER_LIMITS, withinMs: 120_000 };
/** Submissions under way: in all, and for one instance. */
const AT_ONCE = { all: 64, each: 4 };
const RETRY_AFTER_SECONDS = 2;

const PARTS = { agreements: 'agreement', texts: ['fields'] } as const;
const fieldsSchema = z.partialRecord(z.enum(CUSTOMER_FIELDS), z.string());

export function submitting({ uploadsFolder }: Pick<FormRoutes, 'uploadsFolder'>, limit: SubmissionLimit) {
  const limits = new Limits(AT_ONCE);
  return async (asked: Asked, request: FastifyRequest, reply: FastifyReply) => {
    const place = limits.take(`${asked.form.channel.slug} ${asked.instanceId}`);
    if (typeof place === 'string') {
      reply.header('retry-after', RETRY_AFTER_SECONDS);
      throw new AppError('SERVER_BUSY', 'Too many are sent at once.');
    }
    try {
      await limit(request, reply);
      return await take(asked, uploadsFolder, request, reply);
    } finally {
      place();
    }
  };
}

async function take(
  { form, instanceId }: Asked,
  uploadsFolder: string,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  await using file = new OneFile(uploadsFolder);
  const { fields } = await receiveParts(request, { into: file, limits: LIMITS, ...PARTS });
  const typed = { fields: parseFields(fields.get('fields')), agreement: await file.read() };
  const answer = await form.submit(instanceId, typed);
  if (answer.ok) return reply.code(202).send(answer.view);
  const errors = answer.problems.map(({ field, code, message }) => ({ field, code, message }));
  return sendProblem(reply, 422, 'INPUT_INVALID', 'Something has to be corrected.', { errors });
}

function parseFields(text = '{}') {
  const { success, data } = fieldsSchema.safeParse(parseJson(text, 'fields'));
  if (success) return data;
  throw new AppError('REQUEST_INVALID', 'fields: has other names or values than a form.');
}
