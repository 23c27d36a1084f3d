/** What the scripts of a channel share. */
import type { RedisClient } from '../../redis/connect.ts';

import { channelPrefix } from '../../redis/keys.ts';
import { CLOCK, defineScript, keysAround, type LuaScript } from '../../redis/script.ts';

/** Where a channel is kept. */
export interface ChannelAccess {
  redis: RedisClient;
  slug: string;
}

const fileOf = (name: string) => new URL(`./${name}.lua`, import.meta.url);

/** What a script builds on; each part includes the ones before it. */
const INCLUDES = {
  base: ['base'],
  calls: ['base', 'calls'],
  changes: ['base', 'calls', 'said'],
  tasks: ['base', '../lifecycle/tasks'],
} as const;

interface ChannelScriptParts<Result> {
  needs: keyof typeof INCLUDES;
  decode: (fields: Record<string, unknown>) => Result;
}

/** A script whose only key is the prefix of a channel; all other keys are made from it. @param url of the Lua file */
export function defineChannelScript<Result>(
  url: URL,
  { needs, decode }: ChannelScriptParts<Result>,
): LuaScript<Result> {
  const includes = [CLOCK, ...INCLUDES[needs].map(fileOf)];
  return defineScript(url, { prelude: 'local CHANNEL = KEYS[1]', includes, decode });
}

export function runChannelScript<Result>(
  script: LuaScript<Result>,
  { redis, slug }: ChannelAccess,
  values: readonly (string | number)[],
): Promise<Result> {
  return script.run(redis, keysAround(channelPrefix(slug)), values);
}
