/**
 * Sessions of people who logged in, each in a signed cookie. It holds no right by itself: the user is looked up at every
 * request, so removing one, or changing a password or a role, counts at once.
 */
import { createHash, randomBytes } from 'node:crypto';
import cookie from '@fastify/cookie';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { HttpSettings } from '../onboarding/http-settings.ts';
import type { User } from '../onboarding/user.ts';
import type { Users } from '../onboarding/users.ts';
import type { UserRecord } from '../onboarding/users-file.ts';

const COOKIE = 'onboard_session';
const KEY_BYTES = 32;
/** A session that nobody uses ends after this, in milliseconds. */
const IDLE_MS = 3_600_000;
/** Every session ends after this, in milliseconds. */
const WHOLE_MS = 12 * IDLE_MS;
/** How exactly the last use is known, in milliseconds. */
const SEEN_EVERY_MS = 60_000;
/** Sessions that were logged out and have not yet expired; beyond this, the oldest are forgotten. */
const ENDED_MAX = 10_000;

interface Session {
  id: string;
  name: string;
  /** Milliseconds since 1970. */
  since: number;
  seen: number;
  /** Of the password with which it began. */
  stamp: string;
}

export interface SessionsOptions {
  settings: HttpSettings;
  users: Users;
  /** Milliseconds since 1970. */
  now(): number;
}

export class Sessions {
  readonly #options: SessionsOptions;
  readonly #ended = new Set<string>();

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  /** Begins a session. */
  begin(request: FastifyRequest, reply: FastifyReply, user: UserRecord): void {
    const at = this.#options.now();
    const id = randomBytes(16).toString('base64url');
    this.#set(request, reply, { id, name: user.name, since: at, seen: at, stamp: stampOf(user) });
  }

  /** @returns whose session it is; undefined if there is none, or if it has ended */
  async find(request: FastifyRequest, reply: FastifyReply): Promise<User | undefined> {
    const session = read(request);
    if (session === undefined || this.#isOver(session)) return undefined;
    const user = await this.#options.users.find(session.name);
    if (user === undefined || stampOf(user) !== session.stamp) return undefined;
    const seen = this.#options.now();
    if (seen - session.seen > SEEN_EVERY_MS) this.#set(request, reply, { ...session, seen });
    return { name: user.name, role: user.role };
  }

  /** Ends the session for this process, wherever its cookie was copied to; another password ends it everywhere. */
  end(request: FastifyRequest, reply: FastifyReply): void {
    const session = read(request);
    if (session !== undefined) this.#ended.add(session.id);
    for (const oldest of this.#ended) {
      if (this.#ended.size <= ENDED_MAX) break;
      this.#ended.delete(oldest);
    }
    reply.clearCookie(COOKIE, this.#cookieFor(request));
  }

  #isOver({ id, since, seen }: Session): boolean {
    const now = this.#options.now();
    return now - seen > IDLE_MS || now - since > WHOLE_MS || this.#ended.has(id);
  }

  #set(request: FastifyRequest, reply: FastifyReply, session: Session): void {
    const value = Buffer.from(JSON.stringify(session)).toString('base64url');
    const maxAge = Math.floor(Math.min(IDLE_MS, session.since + WHOLE_MS - session.seen) / 1_000);
    reply.setCookie(COOKIE, value, { ...this.#cookieFor(request), maxAge, signed: true });
  }

  #cookieFor(request: FastifyRequest) {
    const { basePath, publicUrl } = this.#options.settings;
    // A proxy that is not trusted cannot say that it is reached by TLS, but the settings may, whatever Host it sends.
    const secure = request.protocol === 'https' || publicUrl?.startsWith('https:') === true;
    return { path: basePath || '/', httpOnly: true, sameSite: 'strict', secure } as const;
  }
}

/** Lets sessions be read from requests. */
export async function addCookies(app: FastifyInstance, { sessionKey }: HttpSettings): Promise<void> {
  await app.register(cookie, { secret: sessionKey ?? randomBytes(KEY_BYTES).toString('base64url') });
}

function read(request: FastifyRequest): Session | undefined {
  const { valid, value } = request.unsignCookie(request.cookies[COOKIE] ?? '');
  // Whatever is signed was written above.
  return valid ? (JSON.parse(Buffer.from(value, 'base64url').toString()) as Session) : undefined;
}

function stampOf({ password }: UserRecord): string {
  return createHash('sha256').update(password).digest('base64url').slice(0, 22);
}
