/** How somebody matched the columns of a file: such a file is matched the same way the next time. */
import type { Draft } from '../../api/draft-types.ts';
import { recall, remember } from '../../storage.ts';

type ColumnMap = Record<string, string>;

const keyOf = ({ columns }: Pick<Draft, 'columns'>) =>
  `columns.${JSON.stringify(columns.map(({ name }) => name))}`;

export function rememberColumns(draft: Pick<Draft, 'columns'>, map: ColumnMap): void {
  remember(keyOf(draft), JSON.stringify(map));
}

/** @returns undefined if no such file was matched by hand, or if nothing of this one is left to match */
export function recallColumns(draft: Pick<Draft, 'columns' | 'fields' | 'options'>): ColumnMap | undefined {
  const isComplete = draft.fields.every(({ column }) => column !== undefined);
  if (isComplete || draft.options.map !== undefined) return undefined;
  const text = recall(keyOf(draft));
  return text === undefined ? undefined : (JSON.parse(text) as ColumnMap);
}
