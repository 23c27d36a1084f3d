/** The rows of a draft with what is wrong with each: corrected in place, or left out. */
import { address, part } from '../../api/client.ts';
import { t } from '../../language.ts';
import { CorrectionRow } from './correction-row.tsx';
import type { PartProps } from './reading.tsx';

export function Corrections({ draft, open }: PartProps) {
  const text = t().draft;
  const { page, next, rows, id } = draft;
  return (
    <section class="panel" aria-labelledby="corrections">
      <header class="panel-head">
        <h2 id="corrections">{text.corrections}</h2>
        <label class="check">
          <input
            type="checkbox"
            checked={open.isOnlyBad}
            onChange={(event) => open.showOnlyBad(event.currentTarget.checked)}
          />
          {text.onlyBad}
        </label>
        {rows.bad > 0 && (
          <a class="button" href={address(`/v1/drafts/${part(id)}/errors.csv`)} download>
            {text.errorsFile}
          </a>
        )}
      </header>
      {page.length === 0 && <p class="empty">{text.allGood}</p>}
      <ul class="corrections">
        {page.map((row) => (
          <CorrectionRow key={row.row} row={row} draft={draft} open={open} />
        ))}
      </ul>
      {(open.back !== undefined || next !== null) && (
        <div class="buttons end">
          <button type="button" disabled={open.back === undefined} onClick={() => open.back?.()}>
            {t().shell.previous}
          </button>
          <button type="button" disabled={next === null} onClick={() => next !== null && open.forth(next)}>
            {t().shell.next}
          </button>
        </div>
      )}
    </section>
  );
}
