/** A draft as the API has it. Pure. */
import { z } from 'zod';
import { INPUT_FIELDS, type InputField } from '../../customer/fields.ts';
import { fieldNamed } from '../../customer/match-columns.ts';
import type { CheckedDraft } from '../../draft/check-draft.ts';
import type { OpenDraft } from '../../draft/drafts.ts';
import { PEER_KINDS, type PeerKind } from '../../redis/keys.ts';
import { nextSchema, toCursor } from '../paging.ts';
import { toRowError } from '../upload/errors.ts';
import { isoOf, timeSchema } from './times.ts';

const count = z.number().int().nonnegative();
const problemSchema = z.object({
  column: z.string().optional().describe('The field, or the column as it is in the file.'),
  code: z.string(),
  message: z.string(),
  hint: z.string(),
});

/** Named one by one: a record says nothing of its keys in the document. */
const cellsSchema = z.object(
  Object.fromEntries(INPUT_FIELDS.map((field) => [field, z.string()])) as Record<InputField, z.ZodString>,
);

export const listedDraftSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    created: timeSchema,
    expires: timeSchema,
    batch: z
      .string()
      .optional()
      .describe('Id of the batch as which it was registered; then nothing changes.'),
    isPurged: z.boolean().optional().describe('True if that batch is gone.'),
  })
  .meta({ id: 'ListedDraft', description: 'A draft, without what is in it.' });

const EXAMPLE = {
  id: 'Yb3kq0Xx2mP9aQ1z',
  name: 'customers.csv',
  created: '2026-01-31T08:00:00.000Z',
  expires: '2026-02-01T08:00:00.000Z',
  options: {},
  notes: ['Company -> CustName'],
  columns: [{ name: 'CustSpaceId', field: 'CustSpaceId' }, { name: 'Note' }],
  fields: [{ field: 'CustSpaceId', column: 'CustSpaceId' }],
  sample: [
    ['CustSpaceId', 'Note'],
    ['C100001', 'new'],
  ],
  rows: { total: 1, good: 0, bad: 1, leftOut: 0 },
  agreements: { files: 1, unused: ['other.pdf'] },
  etaSeconds: 0,
  page: [],
  next: null,
};

export const draftSchema = z
  .object({
    ...listedDraftSchema.shape,
    options: z.record(z.string(), z.unknown()),
    notes: z.array(z.string()).describe('How the file was read.'),
    columns: z.array(z.object({ name: z.string(), field: z.enum(INPUT_FIELDS).optional() })),
    fields: z.array(z.object({ field: z.enum(INPUT_FIELDS), column: z.string().optional() })),
    sheets: z.array(z.string()).optional().describe('The visible sheets of a workbook.'),
    sample: z.array(z.array(z.string())).describe('The first rows as they are in the file.'),
    problem: z
      .object({ code: z.string(), message: z.string(), hint: z.string() })
      .optional()
      .describe('Why the file cannot be read as customers; then there are no rows.'),
    rows: z.object({ total: count, good: count, bad: count, leftOut: count }),
    agreements: z.object({
      files: count,
      unused: z.array(z.string()).describe('The first that no row names.'),
    }),
    peer: z
      .enum(PEER_KINDS)
      .optional()
      .describe('Who gets it if it is registered now: Alibaba Cloud, or something that only plays its part.'),
    etaSeconds: z
      .number()
      .optional()
      .describe('How long the good rows take, with what goes before them; missing while nothing moves.'),
    page: z.array(
      z.object({
        row: count,
        line: count,
        cells: cellsSchema,
        isLeftOut: z.boolean(),
        problems: z.array(problemSchema),
        warnings: z.array(problemSchema),
      }),
    ),
    next: nextSchema,
  })
  .meta({ id: 'Draft', description: 'A file of customers that is being corrected.', examples: [EXAMPLE] });
export type DraftJson = z.output<typeof draftSchema>;

/** What Redis knows about a draft, which is itself a folder. */
export interface DraftSurroundings {
  isPurged?: true | undefined;
  peer?: PeerKind | undefined;
  etaSeconds?: number | undefined;
}

export function toListedDraft(
  { id, name, created, expires, batch }: OpenDraft,
  { isPurged }: DraftSurroundings,
) {
  return { id, name, created: isoOf(created), expires: isoOf(expires), batch, isPurged };
}

export function toDraft(draft: OpenDraft, checked: CheckedDraft, around: DraftSurroundings): DraftJson {
  const { columns, problem, notes, sample, sheets, rows, agreements, page, next } = checked;
  const fieldAt = (index: number) => INPUT_FIELDS.find((field) => columns?.indexOf[field] === index);
  return {
    ...toListedDraft(draft, around),
    ...{ options: draft.options, notes, sheets, sample, rows, agreements },
    columns: (columns?.names ?? longest(sample)).map((name, index) => ({
      name,
      field: columns === undefined ? fieldNamed(name) : fieldAt(index),
    })),
    fields: INPUT_FIELDS.map((field) => ({ field, column: columns?.names[columns.indexOf[field]] })),
    problem: problem && { code: problem.code, message: problem.message, hint: problem.hint },
    peer: around.peer,
    etaSeconds: problem === undefined ? around.etaSeconds : undefined,
    page: page.map((row) => ({
      ...row,
      problems: row.problems.map((each) => toRowError(each)),
      warnings: row.warnings.map((each) => toRowError(each)),
    })),
    next: toCursor(next === undefined ? undefined : { row: next }),
  };
}

/** The row that looks most like a header, where none was found. */
function longest(sample: readonly string[][]): string[] {
  const filled = (row: readonly string[]) => row.filter((cell) => cell.trim() !== '').length;
  return sample.reduce<string[]>((best, row) => (filled(row) > filled(best) ? row : best), []);
}
