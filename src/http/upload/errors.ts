/** What is wrong with rows, as problems have it: the first of many, and how many there are. */
import type { InvalidRowSink, WarningSink } from '../../batch/validate-source.ts';
import type { RowProblem } from '../../customer/validate.ts';
import { ERROR_CODES } from '../../error-codes.ts';

export const ERRORS_MAX = 1_000;

export interface RowError {
  row?: number;
  line: number;
  column?: string;
  code: string;
  message: string;
  hint: string;
}

export function toRowError({ code, ...problem }: RowProblem, row?: number): RowError {
  return { ...(row === undefined ? {} : { row }), ...problem, code, hint: ERROR_CODES[code].hint };
}

export class RowErrors {
  readonly errors: RowError[] = [];
  readonly warnings: RowError[] = [];
  total = 0;

  readonly onInvalid: InvalidRowSink = (_row, problems, _columns, number) => {
    this.total += problems.length;
    for (const problem of problems)
      if (this.errors.length < ERRORS_MAX) this.errors.push(toRowError(problem, number));
  };

  readonly onWarning: WarningSink = (warnings) => {
    for (const warning of warnings)
      if (this.warnings.length < ERRORS_MAX) this.warnings.push(toRowError(warning));
  };
}
