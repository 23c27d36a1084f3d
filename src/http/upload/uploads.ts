/** What routes that take uploads share: their bodies stay unread until they read them. */
import multipart from '@fastify/multipart';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { validatorCompiler } from 'fastify-type-provider-zod';
import type { Api, ApiOptions } from '../api-instance.ts';
import { inPlace } from '../busy.ts';
import { sendFailure } from '../failures.ts';
import { beginOnce, requestKeyOf } from '../idempotency/idempotency.ts';
import type { Limits } from '../limits.ts';
import { dropRest } from '../rest-of-body.ts';
import { openUploadFolder, type UploadFolder } from './folder.ts';
import { PLAIN_TYPES } from './plain.ts';

type CompiledRoute = Parameters<typeof validatorCompiler>[0];

/** Lets the routes of a scope read their bodies themselves: parts, or the types of `plain.ts`. */
export async function takeUploads(api: Api): Promise<void> {
  api.removeAllContentTypeParsers();
  api.setValidatorCompiler((route) =>
    route.httpPart === 'body' ? () => ({ value: undefined }) : validatorCompiler(route as CompiledRoute),
  );
  await api.register(multipart);
  api.addContentTypeParser(PLAIN_TYPES, (_request, _payload, done) => done(null));
  api.setErrorHandler(async (error, request, reply) => {
    await dropRest(request, reply);
    return sendFailure(error as Parameters<typeof sendFailure>[0], request, reply);
  });
}

export interface Begun<Body> {
  body: Body;
  /** By which a repetition of the request finds what it brought; undefined if it carries no key. */
  requestKey: string | undefined;
}

export interface Taken<Body> extends Begun<Body> {
  folder: UploadFolder;
}

export interface UploadAsked {
  request: FastifyRequest;
  reply: FastifyReply;
  /** It may be repeated at will, so its answer is not kept. */
  changesNothing?: boolean | undefined;
  /** Of how many there may be at a time; undefined for what is small. */
  limits?: Limits;
}

/**
 * Receives a body into a folder of its own, and makes something of it once. Nothing of it is left when it is answered.
 * @param use returns how to answer
 */
export async function takeOnce<Body extends { digest: string }>(
  options: ApiOptions,
  asked: UploadAsked,
  receive: (folder: UploadFolder) => Promise<Body>,
  use: (taken: Taken<Body>) => Promise<() => unknown>,
): Promise<FastifyReply> {
  const answer = await (asked.limits ? inPlace(asked.limits, asked, take) : take());
  answer?.();
  return asked.reply;

  async function take() {
    await using folder = await openUploadFolder(options.onboarding.settings.http.draftsFolder);
    const into = () => receive(folder);
    // Awaited here: the folder is removed when this function returns.
    return await receiveOnce(options, asked, into, (begun) => use({ ...begun, folder }));
  }
}

/**
 * Receives a body, and makes something of it once.
 * @returns how to answer; undefined if it is answered already
 */
export async function receiveOnce<Body extends { digest: string }>(
  { onboarding }: ApiOptions,
  { request, reply, changesNothing = false }: UploadAsked,
  receive: () => Promise<Body>,
  use: (begun: Begun<Body>) => Promise<() => unknown>,
): Promise<(() => unknown) | undefined> {
  const body = await receive();
  if (!changesNothing && !(await beginOnce(onboarding, request, reply, body.digest))) return undefined;
  return use({ body, requestKey: requestKeyOf(request, body.digest) });
}
