/** One cell of a draft: what is written into it is checked by the server when it is left. */
import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';
import type { RowError } from '../../api/types.ts';
import { count } from '../../format.ts';
import { t } from '../../language.ts';
import { hintOf } from '../../ui/hint.ts';

export interface CellProps {
  row: number;
  field: string;
  value: string;
  problems: readonly RowError[];
  onChange(value: string): void;
  /** Below it. */
  children?: ComponentChildren;
}

export function Cell({ row, field, value, problems, onChange, children }: CellProps) {
  const [typed, setTyped] = useState(value);
  const explained = useId();
  const name = t().words.column[field] ?? field;
  const isBad = problems.length > 0;
  const commit = () => {
    if (typed !== value) onChange(typed);
  };
  return (
    <div class={isBad ? 'cell bad' : 'cell'}>
      <span aria-hidden="true">{name}</span>
      <input
        type="text"
        value={typed}
        aria-label={t().draft.errorOf(count(row), name)}
        aria-invalid={isBad}
        aria-describedby={isBad ? explained : undefined}
        onInput={(event) => setTyped(event.currentTarget.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.currentTarget.blur();
          if (event.key === 'Escape') setTyped(value);
        }}
      />
      {isBad && (
        <ul id={explained} class="problems">
          {problems.map(({ code, message, hint }) => (
            <li key={`${code} ${message}`}>
              {message} <code>{code}</code>
              {hint && <span class="quiet">{hintOf(code, hint)}</span>}
            </li>
          ))}
        </ul>
      )}
      {children}
    </div>
  );
}
