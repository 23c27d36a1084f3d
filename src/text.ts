/** Texts for people that every program of this project words the same way: counts, durations, tables. Pure. */

import stringWidth from 'string-width';
import { inLine } from './printable.ts';

/** `1 row`, `2 rows`, `2 retries`: a count with its noun. */
export function plural(count: number, noun: string, several = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : several}`;
}

/** `45s`, `12m 05s`, `5h 30m`. */
export function renderDuration(seconds: number): string {
  const whole = Math.ceil(seconds);
  const two = (value: number) => String(value).padStart(2, '0');
  if (whole < 60) return `${whole}s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}m ${two(whole % 60)}s`;
  return `${Math.floor(whole / 3600)}h ${two(Math.floor((whole % 3600) / 60))}m`;
}

/** Rows of cells as lines whose columns are as wide as their widest cell on a terminal. The first row says how many there are. */
export function renderTable(table: readonly (readonly string[])[]): string {
  // A cell may come from outside, and a line break in it would forge a row.
  const rows = table.map((row) => row.map(inLine));
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => stringWidth(row[column] ?? ''))),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell + ' '.repeat(Math.max((widths[column] ?? 0) - stringWidth(cell), 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
