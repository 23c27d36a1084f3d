/** What exactly is wrong with a request: the first fields or rows that were refused. */
import type { Problem } from '../api/client.ts';
import type { RowError } from '../api/types.ts';
import { count } from '../format.ts';
import { t } from '../language.ts';

const SHOWN = 5;

export function detailsOf({ errors }: Problem): string[] {
  const shown = errors.slice(0, SHOWN).map(describe);
  return errors.length > SHOWN ? [...shown, `+ ${count(errors.length - SHOWN)}`] : shown;
}

function describe({ field, row, column, message }: RowError): string {
  const { batch, shell, words } = t();
  const place = [
    field,
    row !== undefined && batch.rowTitle(count(row)),
    column !== undefined && (words.column[column] ?? column),
  ].filter(Boolean);
  return place.length === 0 ? message : `${place.join(shell.comma)}${shell.colon}${message}`;
}

export function Details({ of }: { of: readonly string[] }) {
  if (of.length === 0) return null;
  return (
    <ul class="problems">
      {of.map((each) => (
        <li key={each}>{each}</li>
      ))}
    </ul>
  );
}
