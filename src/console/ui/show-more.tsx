/** Below a list that is kept up to date as a whole: the button for more of it, as far as one answer goes. */
import { count } from '../format.ts';
import { t } from '../language.ts';

/** The API lists no more at once. */
export const LISTED_MOST = 500;

export function ShowMore({ shown, onMore }: { shown: number; onMore(): void }) {
  const text = t().shell;
  if (shown >= LISTED_MOST) return <p class="quiet">{text.listedMost(count(LISTED_MOST))}</p>;
  return (
    <button type="button" onClick={onMore}>
      {text.more}
    </button>
  );
}
