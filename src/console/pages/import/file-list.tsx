/** The files that were chosen: the spreadsheet, and how many agreements. */
import { count } from '../../format.ts';
import { t } from '../../language.ts';
import { kindOf } from './file-kinds.ts';

const SHOWN = 8;
const KB = 1_024;

interface ListProps {
  files: readonly File[];
  onRemove(file: File): void;
}

export function FileList({ files, onRemove }: ListProps) {
  const text = t().draft;
  // What needs a look comes first.
  const order = { customers: 0, unknown: 1, agreements: 2 };
  const sorted = [...files].sort((a, b) => order[kindOf(a.name)] - order[kindOf(b.name)]);
  return (
    <section aria-labelledby="chosen">
      <h2 id="chosen">
        {text.chosen} <span class="quiet number">{count(files.length)}</span>
      </h2>
      <ul class="files">
        {sorted.slice(0, SHOWN).map((file) => (
          <li key={file.name}>
            <span class={`tag kind-${kindOf(file.name)}`}>{labelOf(file.name)}</span>
            <span class="grow clip">{file.name}</span>
            <span class="quiet number">{count(Math.ceil(file.size / KB))} KB</span>
            <button
              type="button"
              class="plain icon"
              aria-label={text.remove(file.name)}
              onClick={() => onRemove(file)}
            >
              ✕
            </button>
          </li>
        ))}
        {sorted.length > SHOWN && <li class="quiet">+ {count(sorted.length - SHOWN)}</li>}
      </ul>
    </section>
  );
}

function labelOf(name: string): string {
  const text = t().draft;
  const kind = kindOf(name);
  return kind === 'unknown' ? text.unknownKind : text[kind];
}
