/**
 * Keys of the HTTP API, in Redis as hashes: `onboard.NAME.SECRET`, where the secret has 256 random bits. So a key says
 * whose it is, and a plain hash is enough.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '../errors.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Durable } from '../redis/durable.ts';
import { API_KEYS, API_KEYS_DURABLE } from '../redis/keys.ts';
import { ROLES, type User } from './user.ts';

const SECRET_BYTES = 32;
const NAME = /^[a-zA-Z0-9][\w-]{0,39}$/;
const KEY = /^onboard\.(?<name>[a-zA-Z0-9][\w-]{0,39})\.[\w-]{43}$/;

const recordSchema = z.object({
  role: z.enum(ROLES),
  account: z.string().optional(),
  /** Milliseconds since 1970. */
  created: z.number(),
  expires: z.number().optional(),
  by: z.string(),
  /** SHA-256 of the whole key, in hexadecimal digits. */
  hash: z.string(),
});

/** All that is known of a key, but not the key. */
export interface ApiKey extends User {
  /** Milliseconds since 1970. */
  created: number;
  expires?: number | undefined;
  by: string;
}

export type ApiKeyOrder = User & Pick<ApiKey, 'expires' | 'by'>;

export interface ApiKeysOptions {
  redis: RedisClient;
  durable: Durable;
  durability: 'durable' | 'relaxed';
  now(): number;
}

export class ApiKeys {
  readonly #options: ApiKeysOptions;

  constructor(options: ApiKeysOptions) {
    this.#options = options;
  }

  /** @returns the key, which is told only now. @throws AppError USAGE if the name cannot be used or is taken */
  async add({ name, ...order }: ApiKeyOrder): Promise<string> {
    if (!NAME.test(name))
      throw new AppError(
        'USAGE',
        `${name} cannot be the name of a key: letters, digits, "-" and "_", at most 40.`,
      );
    const key = `onboard.${name}.${randomBytes(SECRET_BYTES).toString('base64url')}`;
    const record = { ...order, created: this.#options.now(), hash: hashOf(key) };
    const isNew = await this.#lasting((redis) => redis.hsetnx(API_KEYS, name, JSON.stringify(record)));
    if (isNew === 1) return key;
    throw new AppError('USAGE', `There is a key ${name} already.`, {
      hint: `Choose another name, or revoke that one: \`onboard key revoke ${name}\`.`,
    });
  }

  async list(): Promise<ApiKey[]> {
    const all = Object.entries(await this.#options.redis.hgetall(API_KEYS));
    return all
      .map(([name, text]) => withoutHash(name, read(text)))
      .sort((a, b) => a.name.localeCompare(b.name));
  }

  /** @throws AppError USAGE if there is no such key */
  async revoke(name: string): Promise<void> {
    if ((await this.#lasting((redis) => redis.hdel(API_KEYS, name))) === 1) return;
    throw new AppError('USAGE', `There is no key ${name}.`, { hint: 'Run `onboard key list` to see them.' });
  }

  /** Whether any key exists, expired ones included: from then on, nothing is open to everybody. */
  async exist(): Promise<boolean> {
    return (await this.#options.redis.hlen(API_KEYS)) > 0;
  }

  /** @returns whose key it is; undefined if it is none, or has expired */
  async find(key: string): Promise<User | undefined> {
    const name = KEY.exec(key)?.groups?.name;
    const text = name === undefined ? undefined : await this.#options.redis.hget(API_KEYS, name);
    if (name === undefined || !text) return undefined;
    const record = read(text);
    const isSame = timingSafeEqual(Buffer.from(hashOf(key)), Buffer.from(record.hash));
    if (!isSame || (record.expires ?? Number.POSITIVE_INFINITY) <= this.#options.now()) return undefined;
    const { role, account } = record;
    return account === undefined ? { name, role } : { name, role, account };
  }

  /** A key that was revoked must not come back with a crash of Redis. */
  async #lasting<T>(write: (redis: RedisClient) => Promise<T>): Promise<T> {
    const { redis, durable, durability } = this.#options;
    const writes = await durable.begin(API_KEYS_DURABLE, durability);
    const result = await write(redis);
    await writes.confirm();
    return result;
  }
}

function read(text: string) {
  return recordSchema.parse(JSON.parse(text));
}

function withoutHash(name: string, { hash: _hash, account, ...record }: ReturnType<typeof read>): ApiKey {
  return account === undefined ? { name, ...record } : { name, account, ...record };
}

const hashOf = (key: string) => createHash('sha256').update(key).digest('hex');
