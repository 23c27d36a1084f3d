/** What the scripts of usage share: the states as Lua, so that they are written once, and the file that all include. */
import type { RedisClient } from '../../redis/connect.ts';
import { defineScript, type LuaScript } from '../../redis/script.ts';
import { PENDING_STATES } from './usage-record.ts';

/** What is known of the usage of one channel. */
export interface UsageAccess {
  redis: RedisClient;
  /** Slug of the channel. */
  channel: string;
}

const fileOf = (name: string) => new URL(`./${name}.lua`, import.meta.url);

const PRELUDE = [
  'local USAGE = KEYS[1]',
  `local PENDING = { ${PENDING_STATES.map((state) => `${state} = true`).join(', ')} }`,
].join('\n');

/** A script of usage: its only key is the usage of a channel. */
export function defineUsageScript<Result>(
  name: string,
  decode: (fields: Record<string, unknown>) => Result,
): LuaScript<Result> {
  return defineScript(fileOf(name), { prelude: PRELUDE, includes: [fileOf('base')], decode });
}

export function runUsageScript<Result>(
  script: LuaScript<Result>,
  { redis, channel }: UsageAccess,
  values: readonly (string | number)[],
): Promise<Result> {
  return script.run(redis, [usageKey(channel)], values);
}

/** The usage of a channel; with a name, one part of it. */
export function usageKey(channel: string, part?: string): string {
  const usage = `{koogallery:${channel}}:usage`;
  return part === undefined ? usage : `${usage}:${part}`;
}
