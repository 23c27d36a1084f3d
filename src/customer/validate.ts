/** One row of input, checked: pure, so that the command line, HTTP and tests share it. */
import type { ErrorCode } from '../error-codes.ts';
import type { SourceRow } from '../source/row.ts';
import { type Columns, describeColumn, pickFields } from './columns.ts';
import { type CustomerInput, INPUT_FIELDS, type InputField } from './fields.ts';
import { customerInputSchema, encodedRequestBytes, REQUEST_BYTES_MAX } from './rules.ts';

export interface RowProblem {
  line: number;
  /** Name and position of the column; absent if the problem is with the whole row. */
  column?: string;
  code: ErrorCode;
  message: string;
}

export type RowCheck = { input: CustomerInput; problems: [] } | { input?: undefined; problems: RowProblem[] };

/** Checks everything that can be seen from the row alone; files and other rows are checked elsewhere. */
export function checkRow(columns: Columns, row: SourceRow): RowCheck {
  const result = customerInputSchema.safeParse(pickFields(columns, row.values));
  const problems = [...columnCountProblem(columns, row)];
  if (result.success) problems.push(...requestProblem(result.data, row.line));
  else problems.push(...result.error.issues.map((issue) => toProblem(columns, row.line, issue)));
  return problems.length === 0 && result.success ? { input: result.data, problems: [] } : { problems };
}

/** Trailing separators, as Excel leaves them, are not worth an error. */
function columnCountProblem(columns: Columns, { line, values }: SourceRow): RowProblem[] {
  const extra = values.slice(columns.names.length).filter((value) => value.trim() !== '').length;
  if (extra === 0) return [];
  const message = `has ${values.length} values for ${columns.names.length} columns`;
  return [{ line, code: 'COLUMN_COUNT', message }];
}

function requestProblem(input: CustomerInput, line: number): RowProblem[] {
  const bytes = encodedRequestBytes(input);
  if (bytes <= REQUEST_BYTES_MAX) return [];
  return [
    {
      line,
      code: 'REQUEST_TOO_LARGE',
      message: `takes ${bytes} bytes in a request; the limit is ${REQUEST_BYTES_MAX}`,
    },
  ];
}

function toProblem(
  columns: Columns,
  line: number,
  issue: { path: PropertyKey[]; message: string; params?: unknown },
): RowProblem {
  const field = INPUT_FIELDS.find((name) => name === issue.path[0]) as InputField;
  const code = (issue.params as { code: ErrorCode }).code;
  return { line, column: describeColumn(columns, field), code, message: issue.message };
}
