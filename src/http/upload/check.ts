/** What a check has found, as JSON or as a table. */
import { stringify } from 'csv-stringify/sync';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { CSV_FOR_EXCEL } from '../../batch/table-writer.ts';
import type { ValidationSummary } from '../../batch/validate-source.ts';
import type { RowErrors } from './errors.ts';

const rows = z.number().int().nonnegative();
const errorSchema = z.object({
  row: rows.optional().describe('Number of the row; the header has none.'),
  line: rows.describe('Line of the file, or row of the sheet.'),
  column: z.string().optional(),
  code: z.string(),
  message: z.string(),
  hint: z.string(),
});

export const checkSchema = z
  .object({
    rows,
    good: rows,
    bad: rows,
    total: rows.describe('Problems; `problems` has the first 1,000.'),
    problems: z.array(errorSchema),
    warnings: z.array(errorSchema).describe('What should be looked at in good rows; the first 1,000.'),
    notes: z.array(z.string()).describe('How the file was read.'),
  })
  .meta({
    id: 'Check',
    examples: [{ rows: 212, good: 212, bad: 0, total: 0, problems: [], warnings: [], notes: [] }],
  });

const COLUMNS = ['line', 'column', 'code', 'message', 'hint'] as const;

export function sendCheck(
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  {
    summary,
    found,
    notes,
  }: { summary: Pick<ValidationSummary, 'rows' | 'good' | 'bad'>; found: RowErrors; notes: string[] },
): FastifyReply {
  if (request.headers.accept?.includes('text/csv')) {
    const table = found.errors.map((error) => COLUMNS.map((column) => String(error[column] ?? '')));
    const csv = stringify(table, { header: true, columns: [...COLUMNS], ...CSV_FOR_EXCEL });
    reply
      .serializer((text: string) => text)
      .header('content-disposition', 'attachment; filename="problems.csv"');
    return reply.type('text/csv; charset=utf-8').send(csv);
  }
  const { rows, good, bad } = summary;
  const { errors: problems, warnings, total } = found;
  return reply.code(200).send({ rows, good, bad, total, problems, warnings, notes });
}
