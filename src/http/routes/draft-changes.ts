/** What a person changes in a draft. Pure. */
import { z } from 'zod';
import { INPUT_FIELDS } from '../../customer/fields.ts';
import type { DraftFile } from '../../draft/draft-file.ts';
import { AppError } from '../../errors.ts';
import { checkOptions } from '../upload/options.ts';

/** Corrections of one draft: beyond that, correct the file. */
const CORRECTIONS_MAX = 20_000;
const AT_A_TIME_MAX = 5_000;
/** Whoever reads a file in another way gets other rows. */
const ROWS_DEPEND_ON = ['format', 'encoding', 'delimiter', 'sheet', 'headerRow'] as const;

export const ROW_MAX = 5_000_000;
const row = z.number().int().positive().max(ROW_MAX);
const rows = z.array(row).max(AT_A_TIME_MAX).optional();

export const changeSchema = z
  .strictObject({
    cells: z
      .array(z.object({ row, column: z.enum(INPUT_FIELDS), value: z.string().max(10_000) }))
      .max(AT_A_TIME_MAX)
      .optional(),
    leaveOut: rows,
    takeBack: rows,
    options: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('As BatchOptions; null takes one back. Another sheet or header drops all corrections.'),
  })
  .meta({
    id: 'DraftChange',
    examples: [{ cells: [{ row: 2, column: 'ContactMail', value: 'a@example.com' }], leaveOut: [7] }],
  });
export type DraftChange = z.output<typeof changeSchema>;

/** @throws AppError REQUEST_INVALID */
export function withChange(
  draft: DraftFile,
  change: DraftChange,
): Pick<DraftFile, 'cells' | 'leftOut' | 'options'> {
  const options = withOptions(draft.options, change.options);
  const isSame = ROWS_DEPEND_ON.every((name) => draft.options[name] === options[name]);
  const cells: DraftFile['cells'] = isSame ? { ...draft.cells } : {};
  for (const { row: number, column, value } of change.cells ?? [])
    cells[number] = { ...cells[number], [column]: value };
  const leftOut = new Set(isSame ? draft.leftOut : []);
  for (const number of change.leaveOut ?? []) leftOut.add(number);
  for (const number of change.takeBack ?? []) leftOut.delete(number);
  assertFew(cells, leftOut.size);
  return { options, cells, leftOut: [...leftOut].sort((a, b) => a - b) };
}

/** @throws AppError REQUEST_INVALID if more rows are corrected than a draft may have */
export function assertFew(cells: DraftFile['cells'], leftOut: number): void {
  if (Object.keys(cells).length + leftOut <= CORRECTIONS_MAX) return;
  throw new AppError('REQUEST_INVALID', `A draft has at most ${CORRECTIONS_MAX} corrected rows.`);
}

function withOptions(before: DraftFile['options'], change: DraftFile['options'] = {}): DraftFile['options'] {
  const merged = Object.entries({ ...before, ...change }).filter(([, value]) => value !== null);
  return checkOptions(Object.fromEntries(merged));
}
