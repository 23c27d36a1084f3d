/** What a check of channels has found, in words that tests compare. */
import type { CheckFinding } from '../../../src/koogallery/check/check-finding.ts';

type Level = 'ok' | 'note' | 'bad';

/** The level of each code: the worst, where there are several. */
export function levelsOf(findings: readonly CheckFinding[]): Record<string, Level> {
  const order: readonly Level[] = ['ok', 'note', 'bad'];
  const levels: Record<string, Level> = {};
  for (const { code, isOk, isNote } of findings) {
    const level = isNote ? 'note' : isOk ? 'ok' : 'bad';
    const before = levels[code] ?? 'ok';
    levels[code] = order.indexOf(level) > order.indexOf(before) ? level : before;
  }
  return levels;
}
