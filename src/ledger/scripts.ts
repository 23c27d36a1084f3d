/** What the scripts of the ledger share: outcomes and states as Lua, so that they are written once, and included files. */
import type { RedisClient } from '../redis/connect.ts';
import { ledgerKey } from '../redis/keys.ts';

import { CLOCK, defineScript, keysAround, type LuaScript } from '../redis/script.ts';

import type { LedgerAccess } from './access.ts';
import { STATE_RULES } from './batch-state.ts';
import { ACTIVE_OUTCOMES, OUTCOMES, TRANSITIONS } from './outcome.ts';

const quoted = (name: string) => `'${name}'`;
const listOf = (names: readonly string[]) => names.map(quoted).join(', ');
const setOf = (names: readonly string[]) => names.map((name) => `[${quoted(name)}] = true`).join(', ');

/** `OUTCOMES`; `ACTIVE`: those to which something still happens, as a list and by name; `STATES`: of a batch, with conditions. */
const WORDS = [
  `local OUTCOMES = { ${listOf(OUTCOMES)} }`,
  'local ACTIVE = {',
  `  ${listOf(ACTIVE_OUTCOMES)},`,
  `  ${setOf(ACTIVE_OUTCOMES)},`,
  '}',
  'local STATES = {',
  ...STATE_RULES.map((rule) => `  { ${listOf(rule)} },`),
  '}',
  // Not every script needs each of them.
  'local _ = { OUTCOMES, ACTIVE, STATES }',
].join('\n');

/** `ALLOWED[from][to]`: which outcome may follow which. */
const ALLOWED = [
  'local ALLOWED = {',
  ...OUTCOMES.map((from) => `  [${quoted(from)}] = { ${setOf(TRANSITIONS[from])} },`),
  '}',
].join('\n');

const fileOf = (name: string) => new URL(`./${name}.lua`, import.meta.url);

/** What scripts build on; each file includes the ones before it. */
const FILES = [
  'base',
  'rows',
  'reviews',
  'claims',
  'verdicts',
  'parked',
  'waiting',
  'customers',
  'patch',
  'mark',
] as const;
type Part = (typeof FILES)[number];

interface LedgerScriptParts<Result> {
  needs: Part;
  isOnce?: boolean;
  decode: (fields: Record<string, unknown>) => Result;
}

/**
 * What a script has to be given to build on the ledger.
 * @param key position of the ledger among the keys of the script
 */
export function ledgerParts(needs: Part, key = 1) {
  const files = FILES.slice(0, FILES.indexOf(needs) + 1);
  const words = [`local LEDGER = KEYS[${key}]`, WORDS, ...(files.includes('patch') ? [ALLOWED] : [])];
  return { prelude: words.join('\n'), includes: [CLOCK, ...files.map(fileOf)] };
}

/** A script of the ledger: its only key is the ledger of an account. */
export function defineLedgerScript<Result>(
  name: string,
  { needs, isOnce = false, decode }: LedgerScriptParts<Result>,
): LuaScript<Result> {
  return defineScript(fileOf(name), { ...ledgerParts(needs), isOnce, decode });
}

export function runLedgerScript<Result>(
  script: LuaScript<Result>,
  { redis, account }: Pick<LedgerAccess, 'account'> & { redis: RedisClient },
  values: readonly (string | number)[],
): Promise<Result> {
  return script.run(redis, keysAround(ledgerKey(account)), values);
}
