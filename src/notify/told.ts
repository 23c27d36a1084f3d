/** What people were told, as Redis keeps it: written after the alert was raised, so that a crash between the two repeats it. */
import type { z } from 'zod';
import type { RedisClient } from '../redis/connect.ts';

/** Longer without anybody looking, and what happened meanwhile is taken as known; in milliseconds. */
const FORGOTTEN_AFTER_MS = 24 * 3_600_000;
const BEGUN = 'begun';
const LOOKED = 'looked';

export class Told {
  readonly #redis: RedisClient;
  readonly #key: string;
  #fields: Record<string, string> = {};

  constructor(redis: RedisClient, key: string) {
    this.#redis = redis;
    this.#key = key;
  }

  /** Reads all of it anew. @param now milliseconds since 1970. @returns since when people are told anything */
  async read(now: number): Promise<number> {
    this.#fields = await this.#redis.hgetall(this.#key);
    const { [BEGUN]: begun, [LOOKED]: looked = '0' } = this.#fields;
    const isNew = begun === undefined || now - Number(looked) > FORGOTTEN_AFTER_MS;
    const since = isNew ? now : Number(begun);
    await this.#redis.hset(this.#key, { [BEGUN]: String(since), [LOOKED]: String(now) });
    return since;
  }

  /** What was last told of something; undefined also if another version wrote it in words that this one cannot read. */
  of<Schema extends z.ZodType>(field: string, schema: Schema): z.output<Schema> | undefined {
    const text = this.#fields[field];
    return text === undefined ? undefined : schema.safeParse(JSON.parse(text)).data;
  }

  /** Remembers it if it has changed. @param value undefined forgets it */
  async remember(field: string, value: object | undefined): Promise<void> {
    const text = value === undefined ? undefined : JSON.stringify(value);
    if (text === this.#fields[field]) return;
    if (text === undefined) await this.#redis.hdel(this.#key, field);
    else await this.#redis.hset(this.#key, field, text);
    if (text === undefined) delete this.#fields[field];
    else this.#fields[field] = text;
  }

  /** Fields that begin so. */
  fieldsFrom(beginning: string): string[] {
    return Object.keys(this.#fields).filter((field) => field.startsWith(beginning));
  }
}
