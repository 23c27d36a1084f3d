/**
 * Lua scripts that Redis runs in one step. Each is a `.lua` file beside the one function that calls it; what several
 * scripts share is a `.lua` file that they include, and what is already in TypeScript is generated into a prelude.
 */
import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RedisClient } from './connect.ts';

/** Included before everything else by scripts that need the time: `clock`, and `NOW`. */
export const CLOCK = new URL('./clock.lua', import.meta.url);
const ONCE = new URL('./once.lua', import.meta.url);

type Fields = Record<string, unknown>;

export interface ScriptParts<Result> {
  /** Generated Lua, which comes before everything else. */
  prelude?: string;
  /** Files of functions that the script calls. */
  includes?: readonly URL[];
  /** Does its work once a call, even if the connection is lost and the client asks again; for what a person decides. */
  isOnce?: boolean;
  /** Makes the result out of what the script returns: a flat list of names and values, as fields. */
  decode: (fields: Fields) => Result;
}

/** A piece of a script as it is sent, and the file that it comes from. */
export interface ScriptPart {
  /** Undefined for the prelude. */
  path?: string;
  text: string;
}

interface Composed {
  text: string;
  digest: string;
}

export class LuaScript<Result> {
  readonly #url: URL;
  readonly #parts: ScriptParts<Result>;
  #composed: Composed | undefined;

  constructor(url: URL, parts: ScriptParts<Result>) {
    this.#url = url;
    this.#parts = parts;
  }

  get name(): string {
    return basename(this.#url.pathname);
  }

  /** The pieces in the order in which they are sent, each ending with a line break. */
  readParts(): ScriptPart[] {
    const { prelude, includes = [], isOnce = false } = this.#parts;
    return [
      ...(prelude === undefined ? [] : [{ text: `${prelude}\n` }]),
      ...includes.map(partOf),
      ...(isOnce ? [partOf(ONCE), { text: 'return once(function()\n' }] : []),
      partOf(this.#url),
      ...(isOnce ? [{ text: 'end)\n' }] : []),
    ];
  }

  /** Runs the script by its digest, and sends the text once if the server does not know it yet. */
  async run(
    redis: RedisClient,
    given: readonly string[],
    values: readonly (string | number)[],
  ): Promise<Result> {
    const { digest, text } = this.#compose();
    const keys = this.#parts.isOnce ? [...given, `${given[0]}:answer:${randomUUID()}`] : given;
    try {
      return this.decode(await redis.evalsha(digest, keys.length, ...keys, ...values));
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return this.decode(await redis.eval(text, keys.length, ...keys, ...values));
    }
  }

  /** The meaning of a reply of this script. */
  decode(reply: unknown): Result {
    return this.#parts.decode(fieldsOf(reply));
  }

  /** Files are read at the first use, because importing a module must have no effects. */
  #compose(): Composed {
    if (this.#composed) return this.#composed;
    const text = this.readParts()
      .map((part) => part.text)
      .join('');
    this.#composed = { text, digest: createHash('sha1').update(text).digest('hex') };
    return this.#composed;
  }
}

function partOf(url: URL): Required<ScriptPart> {
  const path = fileURLToPath(url);
  return { path, text: readFileSync(path, 'utf8') };
}

export function defineScript<Result>(url: URL, parts: ScriptParts<Result>): LuaScript<Result> {
  return new LuaScript(url, parts);
}

/**
 * The keys of a script that makes others out of the one that it is given. While a cluster moves their slot to another node,
 * it would take for missing what has not arrived yet, or not been left yet. Redis answers TRYAGAIN to whoever names several
 * keys of such a slot and lacks one, so the script also names one that nobody ever writes.
 */
export function keysAround(key: string): [key: string, absent: string] {
  return [key, `${key}:absent`];
}

/** `['name', value, …]`, which is how a script returns a table with names, as an object. */
function fieldsOf(reply: unknown): Fields {
  if (!Array.isArray(reply) || reply.length % 2 !== 0)
    throw new TypeError('A script must return a flat list of names and values.');
  const fields: Fields = {};
  for (let index = 0; index < reply.length; index += 2) fields[String(reply[index])] = reply[index + 1];
  return fields;
}
