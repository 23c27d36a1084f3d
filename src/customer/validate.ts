/** One row of input, checked: pure, so that the command line, HTTP and tests share it. */
import type { ErrorCode } from '../error-codes.ts';
import type { SourceRow } from '../source/row.ts';
import { type Columns, describeColumn, pickFields } from './columns.ts';
import { emailDoubt } from './email.ts';
import { CUSTOMER_FIELDS, type CustomerInput, INPUT_FIELDS, type InputField } from './fields.ts';
import {
  cleanInput,
  customerInputSchema,
  encodedRequestBytes,
  isRewritten,
  REQUEST_BYTES_MAX,
} from './rules.ts';

export interface RowProblem {
  line: number;
  /** Name and position of the column; absent if the problem is with the whole row. */
  column?: string;
  code: ErrorCode;
  message: string;
}

export interface RowCheck {
  /** Absent if there are problems. */
  input?: CustomerInput;
  /** The fields as they would be sent, good or not. */
  clean: CustomerInput;
  problems: RowProblem[];
  /** What does not keep the row from being sent, but should be looked at. */
  warnings: RowProblem[];
}

/** Checks everything that can be seen from the row alone; files and other rows are checked elsewhere. */
export function checkRow(columns: Columns, row: SourceRow): RowCheck {
  const result = customerInputSchema.safeParse(pickFields(columns, row.values));
  const problems = [...columnCountProblem(columns, row), ...otherCellProblems(columns, row)];
  if (result.success) problems.push(...requestProblem(result.data, row.line));
  else problems.push(...result.error.issues.map((issue) => toProblem(columns, row.line, issue)));
  if (problems.length > 0 || !result.success)
    return { clean: cleanInput(columns, row.values), problems, warnings: [] };
  return {
    input: result.data,
    clean: result.data,
    problems,
    warnings: warningsOf(columns, row, result.data),
  };
}

function warningsOf(columns: Columns, { line, values }: SourceRow, input: CustomerInput): RowProblem[] {
  const cells = pickFields(columns, values);
  const warnings = CUSTOMER_FIELDS.filter((field) => isRewritten(field, cells[field])).map(
    (field): RowProblem => ({
      line,
      column: describeColumn(columns, field),
      code: 'TEXT_NORMALISED',
      message: `is read as ${input[field]}`,
    }),
  );
  const message = emailDoubt(input.ContactMail);
  const column = describeColumn(columns, 'ContactMail');
  return message === undefined ? warnings : [...warnings, { line, column, code: 'EMAIL_DOUBTFUL', message }];
}

/** Trailing separators, as Excel leaves them, are not worth an error. */
function columnCountProblem(columns: Columns, { line, values }: SourceRow): RowProblem[] {
  const extra = values.slice(columns.names.length).filter((value) => value.trim() !== '').length;
  if (extra === 0) return [];
  const message = `has ${values.length} values for ${columns.names.length} columns`;
  return [{ line, code: 'COLUMN_COUNT', message }];
}

/** Cells that are only echoed may hold anything that can be kept; half of a character cannot. */
function otherCellProblems(columns: Columns, { line, values }: SourceRow): RowProblem[] {
  const fields = Object.values(columns.indexOf);
  return values.flatMap((value, index): RowProblem[] => {
    if (value.isWellFormed() || fields.includes(index)) return [];
    const column = `${columns.names[index] ?? ''} (column ${index + 1})`;
    return [{ line, column, code: 'CONTROL_CHARACTER', message: 'contains half of a character' }];
  });
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
