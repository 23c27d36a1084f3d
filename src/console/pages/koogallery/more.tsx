import { t } from '../../language.ts';

/** Below a list in pages: nothing after its last one. */
export function More({ next, onMore }: { next: string | null; onMore(): void }) {
  if (next === null) return null;
  return (
    <button type="button" onClick={onMore}>
      {t().shell.more}
    </button>
  );
}
