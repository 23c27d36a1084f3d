/** Logging in and out. */
import formBody from '@fastify/formbody';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Logger } from '../logger.ts';
import type { Users } from '../onboarding/users.ts';
import { nameOf } from './access.ts';
import { createLoginLimit, type LoginLimit } from './login-limit.ts';
import {
  LOGIN_ICON,
  LOGIN_STYLE,
  type LoginView,
  languageOf,
  renderLogin,
  renderLogout,
} from './login-page.ts';
import { ownPath } from './same-site.ts';
import type { Sessions } from './session.ts';

const FORM_BYTES_MAX = 8 * 1024;
const NAME_CHARACTERS_MAX = 64;

export interface LoginOptions {
  users: Users;
  sessions: Sessions;
  basePath: string;
  logger: Logger;
}

/** Whatever is not as our form sends it counts as left empty, and so as wrong. */
const formSchema = z
  .object({
    name: z.string().max(NAME_CHARACTERS_MAX).normalize('NFC').catch(''),
    password: z.string().catch(''),
    next: z.string().optional().catch(undefined),
  })
  .catch({ name: '', password: '' });

/** The routes below `/login` and `/logout`. */
export async function addLogin(app: FastifyInstance, options: LoginOptions): Promise<void> {
  const { basePath, sessions } = options;
  await app.register(formBody, { bodyLimit: FORM_BYTES_MAX });
  const limit = await createLoginLimit(app);
  const anyone = { config: { role: 'anyone' }, bodyLimit: FORM_BYTES_MAX } as const;
  const viewer = { config: { role: 'viewer', keepsToAccount: true } } as const;
  app.get('/login.css', anyone, (_request, reply) => reply.type('text/css').send(LOGIN_STYLE));
  app.get('/login.svg', anyone, (_request, reply) => reply.type('image/svg+xml').send(LOGIN_ICON));
  app.get('/login', anyone, (request, reply) => {
    const { next } = request.query as { next?: unknown };
    return sendPage(reply, 200, renderLogin(viewOf(request, basePath, next)));
  });
  app.post('/login', anyone, (request, reply) => logIn(request, reply, { ...options, limit }));
  app.get('/logout', viewer, (request, reply) =>
    sendPage(reply, 200, renderLogout({ ...viewOf(request, basePath), name: nameOf(request) })),
  );
  app.post('/logout', { config: { role: 'anyone' } }, (request, reply) => {
    sessions.end(request, reply);
    return reply.redirect(`${basePath}/login`, 303);
  });
}

async function logIn(
  request: FastifyRequest,
  reply: FastifyReply,
  { users, sessions, basePath, logger, limit }: LoginOptions & { limit: LoginLimit },
) {
  const { name, password, next } = formSchema.parse(request.body);
  const view = { ...viewOf(request, basePath, next), name };
  const seconds = await limit.check(request, name);
  if (seconds !== undefined) {
    logger.warn({ event: 'login_limited', address: request.ip, seconds }, 'too many attempts to log in');
    reply.header('retry-after', seconds);
    return sendPage(reply, 429, renderLogin({ ...view, trouble: { kind: 'tooMany', seconds } }));
  }
  const user = await limit.compare(() => users.authenticate(name, password));
  if (user === undefined) {
    logger.warn({ event: 'login_failed', address: request.ip }, 'a login failed');
    return sendPage(reply, 401, renderLogin({ ...view, trouble: { kind: 'wrong' } }));
  }
  logger.info({ event: 'login', by: user.name, address: request.ip }, 'logged in');
  sessions.begin(request, reply, user);
  return reply.redirect(view.next, 303);
}

function viewOf({ headers }: FastifyRequest, basePath: string, next?: unknown): LoginView {
  const language = languageOf(headers['accept-language']);
  return { language, basePath, next: ownPath(next, `${basePath}/`) };
}

function sendPage(reply: FastifyReply, status: number, html: string) {
  const headers = { 'cache-control': 'no-store', vary: 'accept-language' };
  return reply.code(status).headers(headers).type('text/html; charset=utf-8').send(html);
}
