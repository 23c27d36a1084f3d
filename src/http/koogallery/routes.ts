/**
 * Where the marketplace calls: a route hands over bytes, and sends bytes. Its status is always 200, and whatever goes wrong
 * on the way is an answer too, signed like every other.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { BODY_BYTES_MAX } from '../../koogallery/protocol/json.ts';
import type { Received, Reply } from '../../koogallery/receiver/received.ts';
import { ANSWER_WITHIN_MS, type Receiver } from '../../koogallery/receiver/receiver.ts';
import { type BodyReading, readBody } from './read-body.ts';

/** Below the path under which everything is served. */
const FOLDER = '/koogallery';
/** There is no key to sign it with. */
const NOBODY = {
  body: Buffer.from('{"resultCode":"000002","resultMsg":"there is no such channel."}'),
  headers: { 'Content-Type': 'application/json; charset=utf-8' },
};

const FAULT_CODES = { 'too-large': '000002', slow: '000005', broken: '000002' } as const;

export interface KooGalleryRoutes {
  receivers: readonly Receiver[];
  /** Below which everything is served: `/isv`, or empty. */
  basePath: string;
}

/** In a scope of its own, to be added before what asks who calls: the signature says it. */
export async function addKooGallery(
  app: FastifyInstance,
  { receivers, basePath }: KooGalleryRoutes,
): Promise<void> {
  const bySlug = new Map(receivers.map((receiver) => [receiver.channel.slug, receiver]));
  const find = ({ url }: FastifyRequest) => {
    const slug = url.slice(`${basePath}${FOLDER}/`.length).split(/[/?#]/, 1)[0] ?? '';
    return { slug, receiver: bySlug.get(slug) };
  };
  const refuse = (request: FastifyRequest, reply: FastifyReply, reason: string, code: Reply['code']) => {
    const { receiver } = find(request);
    const isOurs = code === '000005';
    return send(reply, receiver?.refuse(isOurs ? '000005' : '000002', reason) ?? NOBODY);
  };
  await app.register(
    async (scope) => {
      scope.removeAllContentTypeParsers();
      // Signed are the bytes; whatever they are called, they must be read.
      scope.addContentTypeParser('*', async (_request: FastifyRequest, payload: FastifyRequest['raw']) =>
        readBody(payload, { bytesMax: BODY_BYTES_MAX, withinMs: ANSWER_WITHIN_MS }),
      );
      scope.setErrorHandler<Error & { statusCode?: number }>((error, request, reply) =>
        refuse(request, reply, error.message, (error.statusCode ?? 500) < 500 ? '000002' : '000005'),
      );
      scope.setNotFoundHandler((request, reply) => refuse(request, reply, 'no such interface', '000002'));
      const answer = async (request: FastifyRequest, reply: FastifyReply) => {
        const { slug, receiver } = find(request);
        const reading = (request.body ?? { body: Buffer.alloc(0) }) as BodyReading;
        if ('fault' in reading) {
          // What is left of it would be taken for the next request.
          reply.header('connection', 'close');
          return refuse(request, reply, reading.fault, FAULT_CODES[reading.fault]);
        }
        if (receiver === undefined) return send(reply, NOBODY);
        return send(
          reply,
          await receiver.answer(receivedOf(request, `${basePath}${FOLDER}/${slug}`, reading.body)),
        );
      };
      for (const url of ['/:slug', '/:slug/*'])
        scope.all(url, { config: { role: 'probe', readsOwnBody: true } }, answer);
    },
    { prefix: `${basePath}${FOLDER}` },
  );
}

function receivedOf({ method, url, headers }: FastifyRequest, at: string, body: Buffer): Received {
  const [path = '', ...query] = url.split('?');
  return {
    ...{ method, body, path: path.slice(at.length), query: query.join('?') },
    header: (name) => [headers[name]].flat()[0],
  };
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
