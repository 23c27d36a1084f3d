/** One row of a draft: its cells, each with what is wrong with it. */

import type { DraftRow } from '../../api/draft-types.ts';
import type { RowError } from '../../api/types.ts';
import { count } from '../../format.ts';
import { t } from '../../language.ts';
import { FileDrop } from '../../ui/file-drop.tsx';
import { hintOf } from '../../ui/hint.ts';
import { Cell } from './cell.tsx';
import { fieldOf } from './problem-field.ts';
import type { PartProps } from './reading.tsx';

const AGREEMENT = 'IsvTerms';

type RowProps = PartProps & { row: DraftRow };

export function CorrectionRow({ row: each, draft, open }: RowProps) {
  const text = t().draft;
  const { row, line, isLeftOut, problems, warnings } = each;
  const state = isLeftOut ? 'left-out' : problems.length > 0 ? 'bad' : 'good';
  return (
    <li class={`correction ${state}`}>
      <header>
        <b class="number">{t().batch.rowTitle(count(row))}</b>
        <small>
          {t().batch.line} {count(line)}
        </small>
        {isLeftOut && <span class="tag">{text.isLeftOut}</span>}
        <span class="grow" />
        <button
          type="button"
          class="plain"
          disabled={open.isBusy}
          onClick={() => open.patch(isLeftOut ? { takeBack: [row] } : { leaveOut: [row] })}
        >
          {isLeftOut ? text.takeBack : text.leaveOut}
        </button>
      </header>
      {!isLeftOut && (
        <>
          <General problems={problems.filter((problem) => fieldOf(problem, draft) === undefined)} />
          <Cells row={each} draft={draft} open={open} />
          {warnings.map(({ code, message }) => (
            <p key={`${code} ${message}`} class="quiet">
              {text.warning}
              {t().shell.colon}
              {message} <code>{code}</code>
            </p>
          ))}
        </>
      )}
    </li>
  );
}

/** What is wrong with the row as a whole. */
function General({ problems }: { problems: readonly RowError[] }) {
  return (
    <>
      {problems.map(({ code, message, hint }) => (
        <p key={`${code} ${message}`} class="bad">
          {message} <code>{code}</code> <span class="quiet">{hintOf(code, hint)}</span>
        </p>
      ))}
    </>
  );
}

function Cells({ row: each, draft, open }: RowProps) {
  const { row, cells, problems } = each;
  return (
    <div class="cells">
      {draft.fields.map(({ field }) => (
        <Cell
          key={`${field} ${cells[field] ?? ''}`}
          row={row}
          field={field}
          value={cells[field] ?? ''}
          problems={problems.filter((problem) => fieldOf(problem, draft) === field)}
          onChange={(value) => open.patch({ cells: [{ row, column: field, value }] })}
        >
          {field === AGREEMENT && <PdfDrop row={each} open={open} />}
        </Cell>
      ))}
    </div>
  );
}

/** Where something is wrong with the agreement of a row. */
function PdfDrop({ row: { row, problems }, open }: Pick<RowProps, 'row' | 'open'>) {
  if (!problems.some(({ code }) => code?.startsWith('AGREEMENT_'))) return null;
  return (
    <FileDrop
      isSmall
      label={t().draft.choosePdf(count(row))}
      accept=".pdf,application/pdf"
      isDisabled={open.isBusy}
      onFiles={(files) => open.addAgreements(files, row)}
    >
      {t().draft.dropPdf}
    </FileDrop>
  );
}
