/** What the scripts of usage share: the states as Lua, so that they are written once, and the file that all include. */
import { CLOCK, defineScript, keysAround, type LuaScript } from '../../redis/script.ts';

import { channelKeys } from '../keys.ts';
import type { ChannelAccess } from '../registry/scripts.ts';
import { PENDING_STATES } from './usage-record.ts';

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
  return defineScript(fileOf(name), { prelude: PRELUDE, includes: [CLOCK, fileOf('base')], decode });
}

export function runUsageScript<Result>(
  script: LuaScript<Result>,
  { redis, slug }: ChannelAccess,
  values: readonly (string | number)[],
): Promise<Result> {
  return script.run(redis, keysAround(usageKey(slug)), values);
}

/** The usage of a channel; with a name, one part of it. */
export function usageKey(slug: string, part?: string): string {
  const { usage } = channelKeys(slug);
  return part === undefined ? usage : `${usage}:${part}`;
}
