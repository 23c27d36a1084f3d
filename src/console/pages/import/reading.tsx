/** How the file was read: sheet, encoding, and which of its columns is which field. Each may be chosen by hand. */
import { useState } from 'preact/hooks';
import type { Draft } from '../../api/draft-types.ts';
import { count } from '../../format.ts';
import { t } from '../../language.ts';
import { Choice } from '../../ui/field.tsx';
import { rememberColumns } from './remembered-columns.ts';
import type { OpenDraft } from './use-draft.ts';

const ENCODINGS = ['utf-8', 'gb18030', 'big5', 'utf-16le', 'windows-1252', 'shift_jis', 'euc-kr'];

export interface PartProps {
  draft: Draft;
  open: OpenDraft;
}

export function Reading({ draft, open }: PartProps) {
  const text = t().draft;
  const { fields, notes } = draft;
  const found = fields.filter(({ column }) => column !== undefined).length;
  const told = [text.matched(count(found), count(fields.length)), ...notes];
  return (
    <details class="panel" open={found < fields.length}>
      <summary>
        <h2>{text.reading}</h2>
        <span class="quiet">{told.join(' · ')}</span>
      </summary>
      <div class="filters">
        <Sheet draft={draft} open={open} />
        <Encoding draft={draft} open={open} />
      </div>
      <Columns key={JSON.stringify(draft.fields)} draft={draft} open={open} />
      <Sample draft={draft} />
    </details>
  );
}

function Sheet({ draft: { sheets = [], options }, open }: PartProps) {
  if (sheets.length < 2) return null;
  return (
    <Choice
      label={t().draft.sheet}
      value={options.sheet ?? sheets[0] ?? ''}
      options={sheets.map((name) => [name, name] as const)}
      onChoose={(sheet) => open.patch({ options: { sheet } })}
    />
  );
}

function Encoding({ draft: { sheets, options }, open }: PartProps) {
  const text = t().draft;
  // A workbook has none to choose.
  if (sheets !== undefined) return null;
  const value = options.encoding ?? '';
  const all = [...new Set([...ENCODINGS, value])].filter(Boolean);
  return (
    <Choice
      label={text.encoding}
      value={value}
      options={[['', text.byItself], ...all.map((name) => [name, name.toUpperCase()] as const)]}
      onChoose={(chosen) => open.patch({ options: { encoding: chosen === '' ? null : chosen } })}
    />
  );
}

function Columns({ draft, open }: PartProps) {
  const text = t().draft;
  const [map, setMap] = useState(() => columnsOf(draft));
  const [isChanged, setChanged] = useState(false);
  const choose = (field: string, column: string) => {
    // A column is one field at most.
    const others = Object.entries(map).filter(([each, name]) => each !== field && name !== column);
    setMap(Object.fromEntries(column === '' ? others : [...others, [field, column]]));
    setChanged(true);
  };
  const apply = () => {
    rememberColumns(draft, map);
    open.patch({ options: { map } });
  };
  return (
    <fieldset class="mapping">
      <legend>{text.columns}</legend>
      {draft.fields.map(({ field }) => (
        <div key={field} class={map[field] === undefined ? 'unmatched' : ''}>
          <Choice
            label={t().words.column[field] ?? field}
            value={map[field] ?? ''}
            options={[['', text.noColumn], ...draft.columns.map(({ name }) => [name, name] as const)]}
            onChoose={(column) => choose(field, column)}
          />
        </div>
      ))}
      {isChanged && (
        <button type="button" class="primary" disabled={open.isBusy} onClick={apply}>
          {text.apply}
        </button>
      )}
    </fieldset>
  );
}

/** Which column is which field, as far as anybody knows. */
function columnsOf({ fields, columns }: Draft): Record<string, string> {
  const guessed = columns.map(({ name, field }) => [field, name] as const);
  const known = fields.map(({ field, column }) => [field, column] as const);
  return Object.fromEntries(
    [...guessed, ...known].flatMap(([field, column]) => (field && column ? [[field, column]] : [])),
  );
}

function Sample({ draft: { columns, sample } }: Pick<PartProps, 'draft'>) {
  const text = t().draft;
  if (sample.length === 0) return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has only a keyboard scrolls it
    <section class="scroll" aria-label={text.sample} tabIndex={0}>
      <table>
        <caption>{text.sample}</caption>
        <thead>
          <tr>
            {columns.map(({ name, field }) => (
              <th key={name} scope="col">
                {name}
                {field && <small>{field}</small>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sample.map((cells, line) => (
            <tr key={line}>
              {cells.map((cell, index) => (
                <td key={index}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
