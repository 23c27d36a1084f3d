/** What `outcome.ts` says, as Lua, so that the names of outcomes and the ways between them are written once. */
import { ACTIVE_OUTCOMES, OUTCOMES, TRANSITIONS } from './outcome.ts';

const quoted = (name: string) => `'${name}'`;
const setOf = (names: readonly string[]) => names.map((name) => `[${quoted(name)}] = true`).join(', ');

/** `ACTIVE`: the outcomes to which something still happens, as a list and by name. */
export const ACTIVE_PRELUDE = [
  'local ACTIVE = {',
  `  ${ACTIVE_OUTCOMES.map(quoted).join(', ')},`,
  `  ${setOf(ACTIVE_OUTCOMES)},`,
  '}',
].join('\n');

/** `ALLOWED[from][to]`: which outcome may follow which. */
export const ALLOWED_PRELUDE = [
  'local ALLOWED = {',
  ...OUTCOMES.map((from) => `  [${quoted(from)}] = { ${setOf(TRANSITIONS[from])} },`),
  '}',
].join('\n');
