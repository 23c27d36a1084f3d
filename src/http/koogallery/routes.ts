/**
 * Where the marketplace calls: a route hands over bytes, and sends bytes. Its status is always 200, and whatever goes wrong
 * on the way is an answer too, signed like every other.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { BODY_BYTES_MAX } from '../../koogallery/protocol/json.ts';
import type { ResultCode } from '../../koogallery/protocol/result-codes.ts';
import type { Reply } from '../../koogallery/receiver/received.ts';
import { ANSWER_WITHIN_MS, type Receiver } from '../../koogallery/receiver/receiver.ts';
import { type BodyReading, readBody } from './read-body.ts';

/** Below the path under which everything is served. */
const FOLDER = '/koogallery';
/** Longest head of a request. V1.0 calls are GETs with all that was bought in the URL: Node's own 16 KiB are less than a body. */
export const HEAD_BYTES_MAX = 65_536;
/** There is no key to sign it with. */
const NOBODY = {
  body: Buffer.from('{"resultCode":"000002","resultMsg":"there is no such channel."}'),
  headers: { 'Content-Type': 'application/json; charset=utf-8' },
};

const FAULTS = {
  'too-large': { statusCode: 400, message: 'too-large' },
  slow: { statusCode: 500, message: 'slow' },
  broken: { statusCode: 400, message: 'broken' },
} as const;

export interface KooGalleryRoutes {
  receivers: readonly Receiver[];
  /** Below which everything is served: `/isv`, or empty. */
  basePath: string;
}

/** The receiver that a URL names, if there is one, and what is asked of it. */
function finder({ receivers, basePath }: KooGalleryRoutes) {
  const prefix = `${basePath}${FOLDER}`;
  const bySlug = new Map(receivers.map((receiver) => [receiver.channel.slug, receiver]));
  return ({ method, url, headers }: FastifyRequest) => {
    const [path = '', ...query] = url.slice(prefix.length + 1).split('?');
    const slug = path.split('/', 1)[0] ?? '';
    const header = (name: string) => [headers[name]].flat()[0];
    const asked = { method, path: path.slice(slug.length), query: query.join('?'), header };
    return { receiver: url.startsWith(`${prefix}/`) ? bySlug.get(slug) : undefined, asked };
  };
}

/** Whether a URL is below the address of the channels, of which none need be there. */
export function isCall(url: string, { basePath }: Pick<KooGalleryRoutes, 'basePath'>): boolean {
  return url.startsWith(`${basePath}${FOLDER}/`);
}

/** Answers what cannot be a call, signed if its URL names a channel. Also for `frameworkErrors`: a path that is no path. */
export function refuser(routes: KooGalleryRoutes) {
  const find = finder(routes);
  return async (request: FastifyRequest, reply: FastifyReply, error: unknown) => {
    const { receiver, asked } = find(request);
    const { code, reason } = refusalOf(error);
    return send(reply, (await receiver?.refuse(code, asked, reason)) ?? NOBODY);
  };
}

/** In a scope of its own, to be added before what asks who calls: the signature says it. */
export async function addKooGallery(app: FastifyInstance, routes: KooGalleryRoutes): Promise<void> {
  const prefix = `${routes.basePath}${FOLDER}`;
  const find = finder(routes);
  const refuse = refuser(routes);
  const answer = async (request: FastifyRequest, reply: FastifyReply) => {
    const { receiver, asked } = find(request);
    const reading = (request.body ?? { body: Buffer.alloc(0) }) as BodyReading;
    if ('fault' in reading) {
      // What is left of it would be taken for the next request.
      reply.header('connection', 'close');
      return refuse(request, reply, FAULTS[reading.fault]);
    }
    return send(reply, (await receiver?.answer({ ...asked, body: reading.body })) ?? NOBODY);
  };
  await app.register(
    async (scope) => {
      scope.removeAllContentTypeParsers();
      // Signed are the bytes; whatever they are called, they must be read.
      scope.addContentTypeParser('*', async (_request: FastifyRequest, payload: FastifyRequest['raw']) =>
        readBody(payload, { bytesMax: BODY_BYTES_MAX, withinMs: ANSWER_WITHIN_MS }),
      );
      scope.setErrorHandler((error, request, reply) => refuse(request, reply, error));
      scope.setNotFoundHandler((request, reply) =>
        refuse(request, reply, { statusCode: 404, message: 'no such interface' }),
      );
      for (const url of ['/:slug', '/:slug/*'])
        scope.all(url, { config: { role: 'probe', readsOwnBody: true } }, answer);
    },
    { prefix },
  );
}

interface Refusal {
  code: ResultCode;
  reason: string;
}

/** What Fastify refuses by itself, or something that nobody foresaw. */
function refusalOf(error: unknown): Refusal {
  const { statusCode = 500, message = '' } = error as { statusCode?: number; message?: string };
  return { code: statusCode < 500 ? '000002' : '000005', reason: message };
}

/** Past Fastify, which would change the case of the name of `Body-Sign`. */
function send(
  reply: FastifyReply,
  { body, headers }: Pick<Reply, 'body'> & { headers: Record<string, string> },
) {
  const { 'Content-Type': type, ...others } = headers;
  for (const [name, value] of Object.entries(others)) reply.raw.setHeader(name, value);
  return reply.code(200).header('content-type', type).send(body);
}
