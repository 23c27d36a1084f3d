/**
 * Who asks, and whether they may. Every route says whom it is for in its `config`; a route that says nothing is for
 * nobody. This is asked before anything else of a request is looked at.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../errors.ts';
import type { ApiKeys } from '../onboarding/api-keys.ts';
import type { HttpSettings } from '../onboarding/http-settings.ts';
import { hasRole, type Role, type User } from '../onboarding/user.ts';
import { sendProblem } from './problem.ts';
import { isForThisMachine, isFromElsewhere, isOwnHost, ownHostsOf, ownPath } from './same-site.ts';
import type { Sessions } from './session.ts';

/** A user and a key may have the same name. */
type Asker = User & { kind: 'local' | 'user' | 'key' };

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The least role that it takes. `anyone` need not say who they are; a `probe` may also use any host name. */
    role?: Role | 'anyone' | 'probe';
    /** It keeps a user with an account to that account by itself; others are closed to such users. */
    keepsToAccount?: true;
  }
  interface FastifyRequest {
    /** Who asks; undefined only where anyone may. */
    user: Asker | undefined;
  }
}

/** Everybody on this machine, while there are no users and no keys. */
const LOCAL: Asker = { kind: 'local', name: 'local', role: 'operator' };
/** Whoever sends one of these is a proxy, and speaks for somebody else. */
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'];
const BEARER = /^bearer +(?<key>[\w.~+/=-]+) *$/i;

export interface AccessOptions {
  settings: HttpSettings;
  /** Undefined if there is no file of users. */
  sessions: Sessions | undefined;
  apiKeys(): Promise<ApiKeys>;
  /** Where people log in. */
  loginPath: string;
}

/** The name under which a request acts. @throws if its route is for anyone */
export function nameOf({ user }: FastifyRequest): string {
  if (user === undefined) throw new Error('nobody was asked who they are');
  return user.name;
}

/**
 * Whose something is that is nobody else's. A name may be that of a user and of a key, or of several keys one after the
 * other, but never for two accounts. @throws if its route is for anyone
 */
export function ownerOf(request: FastifyRequest): string {
  const name = nameOf(request);
  return JSON.stringify([request.user?.kind, name, request.user?.account ?? null]);
}

/** Guards every route that is added afterwards. */
export function addAccess(app: FastifyInstance, options: AccessOptions): void {
  app.decorateRequest('user', undefined);
  app.addHook('onRequest', async (request, reply) => {
    const { role } = request.routeOptions.config;
    if (role === 'probe') return;
    const foreign = findForeign(request, options);
    if (foreign !== undefined) return sendProblem(reply, ...foreign);
    if (role === 'anyone') return;
    reply.header('cache-control', 'no-store');
    try {
      request.user = await identify(request, reply, options);
    } catch (error) {
      // Where Redis is, and why it fails, is nothing for strangers.
      request.log.warn({ event: 'access_unknown', error: (error as Error).message }, 'cannot tell who asks');
      const code = error instanceof AppError ? error.code : 'REDIS_UNREACHABLE';
      return sendProblem(reply, 503, code, 'Who asks cannot be looked up now.');
    }
    if (request.user === undefined) return refuseStranger(request, reply, options);
    const missing = request.is404 ? undefined : findMissingRight(request, request.user);
    if (missing !== undefined) return sendProblem(reply, 403, 'FORBIDDEN', missing);
  });
}

type Refusal = [status: number, code: 'HOST_REFUSED' | 'ORIGIN_REFUSED', detail: string];

/** A key is sent by programs only; everything else may come from a browser that somebody else directs. */
function findForeign(request: FastifyRequest, { settings, sessions }: AccessOptions): Refusal | undefined {
  // Where anyone may, no key is looked at, and a page under a name of its own (DNS rebinding) can send any.
  if (keyOf(request) !== undefined && request.routeOptions.config.role !== 'anyone') return undefined;
  const { host, method, headers } = request;
  if (!isOwnHost(host, ownHostsOf(settings, sessions === undefined)))
    return [421, 'HOST_REFUSED', 'These pages are not known under the host name of this request.'];
  if (isFromElsewhere({ host, method, headers }, settings.publicUrl))
    return [403, 'ORIGIN_REFUSED', "This request comes from another site's page."];
  return undefined;
}

async function identify(
  request: FastifyRequest,
  reply: FastifyReply,
  { settings, sessions, apiKeys }: AccessOptions,
): Promise<Asker | undefined> {
  const key = keyOf(request);
  if (key !== undefined) return as('key', await (await apiKeys()).find(key));
  if (request.headers.authorization !== undefined) return undefined;
  if (sessions !== undefined) return as('user', await sessions.find(request, reply));
  // Asked each time: the last key may be revoked while this runs, and nobody else may come in then.
  if (!isForThisMachine(settings) || FORWARDED.some((name) => name in request.headers)) return undefined;
  return (await (await apiKeys()).exist()) ? undefined : LOCAL;
}

const as = (kind: Asker['kind'], user: User | undefined): Asker | undefined => user && { kind, ...user };

function keyOf({ headers }: FastifyRequest): string | undefined {
  return BEARER.exec(headers.authorization ?? '')?.groups?.key;
}

function refuseStranger(request: FastifyRequest, reply: FastifyReply, options: AccessOptions) {
  const { method, url, headers } = request;
  const isPage = method === 'GET' && headers.accept?.includes('text/html') && options.sessions !== undefined;
  if (!isPage || headers.authorization !== undefined) {
    reply.header('www-authenticate', 'Bearer realm="isv-onboarding"');
    return sendProblem(reply, 401, 'UNAUTHENTICATED', 'This needs a user or a key, and a right one.');
  }
  // A browser that follows a link from elsewhere keeps its cookie back; it sends it when our own page asks again.
  const site = headers['sec-fetch-site'];
  if (site === 'cross-site' || site === 'same-site')
    return reply
      .header('refresh', `0; url=${ownPath(url)}`)
      .type('text/html')
      .send('<!doctype html><title>…</title>');
  return reply.redirect(`${options.loginPath}?next=${encodeURIComponent(url)}`, 303);
}

/** @returns why this user may not do this, in one sentence */
function findMissingRight({ routeOptions: { config } }: FastifyRequest, user: User): string | undefined {
  const { role, keepsToAccount } = config;
  if (role === undefined || role === 'anyone' || role === 'probe')
    return 'Nobody may do this: its route does not say who.';
  if (!hasRole(user, role)) return `${user.name} is a ${user.role}, and this needs the role ${role}.`;
  if (user.account !== undefined && !keepsToAccount)
    return `${user.name} is only for account ${user.account}, and this is about all of them.`;
  return undefined;
}
