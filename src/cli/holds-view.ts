/** What keeps rows from moving, as people see it: before everything else, each with what to do. */
import { describeHold } from '../onboarding/describe-hold.ts';
import type { Hold } from '../onboarding/holds.ts';

/** Cells of a table of two columns. */
export function holdLines(holds: readonly Hold[]): string[][] {
  return holds.flatMap((hold) => {
    const { what, text } = describeHold(hold);
    return [
      [what, text],
      ['', `→ ${hold.hint}`],
    ];
  });
}

/** In running text. */
export function renderHold(hold: Hold): string {
  const { what, text, isApart } = describeHold(hold);
  return `${what}${isApart ? ':' : ''} ${text}\n  → ${hold.hint}`;
}
