/** What to do about something, in the words of whoever looks at the console. */
import type { Hold } from '../api/types.ts';
import { t } from '../language.ts';
import { NOT_FOR_HERE } from '../text/hints.ts';

/** @param given the server's hint: one that can be followed here is more exact than ours, which goes by the code alone */
export function hintOf(code: string | undefined, given = ''): string {
  const own = code === undefined ? undefined : t().hints.code[code];
  return own !== undefined && (given === '' || NOT_FOR_HERE.test(given)) ? own : given;
}

export function holdHint({ reason, hint }: Hold): string {
  const own = t().hints.hold[reason];
  return reason === 'breaker' ? `${hint} ${own}` : own;
}
