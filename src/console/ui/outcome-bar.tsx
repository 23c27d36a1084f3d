/** How many rows have come how far: a bar, and the same in numbers. */
import type { Batch } from '../api/types.ts';
import { count } from '../format.ts';
import { t } from '../language.ts';

const GROUPS = ['submitted', 'unchanged', 'working', 'queued', 'failed', 'cancelled'] as const;
type Group = (typeof GROUPS)[number];

function countGroups({ counts }: Pick<Batch, 'counts'>): Record<Group, number> {
  const { submitted, unchanged, failed, cancelled } = counts;
  const working = counts.uploading + counts.uploaded + counts.submitting;
  return { submitted, unchanged, failed, cancelled, working, queued: counts.pending + counts.waiting };
}

/** Rows to which nothing more happens by itself. */
export function countDone({ counts }: Pick<Batch, 'counts'>): number {
  return counts.submitted + counts.unchanged + counts.failed + counts.cancelled;
}

type BarProps = { batch: Pick<Batch, 'counts' | 'total'>; isLarge?: boolean };

export function OutcomeBar({ batch, isLarge = false }: BarProps) {
  const groups = countGroups(batch);
  const present = GROUPS.filter((group) => groups[group] > 0);
  const label = present
    .map((group) => `${t().words.group[group]}${t().shell.colon}${count(groups[group])}`)
    .join(t().shell.comma);
  return (
    <div class={isLarge ? 'bar large' : 'bar'} role="img" aria-label={label || count(batch.total)}>
      {present.map((group) => (
        <span key={group} class={`part ${group}`} style={{ flexGrow: groups[group] }} title={label} />
      ))}
    </div>
  );
}

export function OutcomeLegend({ batch }: BarProps) {
  const groups = countGroups(batch);
  return (
    <ul class="legend">
      {GROUPS.filter((group) => groups[group] > 0 || group === 'submitted').map((group) => (
        <li key={group}>
          <span class={`swatch ${group}`} />
          <strong class="number">{count(groups[group])}</strong> {t().words.group[group]}
        </li>
      ))}
    </ul>
  );
}
