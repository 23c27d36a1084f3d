/** What a person is told about rows that are good, and when such rows are refused. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeCustomers, writeInput } from '../support/customers.ts';
import { runProgram } from '../support/programs.ts';
import { createWorld } from '../support/world.ts';

async function validate(...more: string[]) {
  const world = await createWorld();
  const rows = makeCustomers(25, { ContactMail: 'a@gmial.com', CustSpaceId: '' }).map((row, index) => ({
    ...row,
    CustSpaceId: `Ｃ${index}`,
  }));
  const path = await writeInput(world, rows);
  await writeFile(join(world.agreements, 'agreement-25.pdf'), '%PDF-1.4');
  return runProgram(world, ['validate', path, '--agreements', world.agreements, ...more]);
}

it('shows the first warnings, counts all, and gives each to a program', async () => {
  const shown = await validate();
  expect([shown.code, shown.stdout]).toEqual([0, '']);
  expect(shown.stderr.match(/^warning: line/gm)).toHaveLength(20);
  expect(shown.stderr).toContain('warning: line 2, CustSpaceId (column 1): is read as C0 [TEXT_NORMALISED]');
  expect(shown.stderr).toContain(
    '51 warnings: 25 TEXT_NORMALISED, 25 EMAIL_DOUBTFUL, 1 AGREEMENT_TRUNCATED; the first 20 are above.',
  );
});

it('gives each to a program, and refuses a doubtful agreement under --strict-pdf', async () => {
  const { code, stdout, stderr } = await validate('--json', '--strict-pdf');
  const lines = stdout.trim().split('\n');
  expect([code, lines.length]).toEqual([3, 49]);
  expect(lines.map((line) => JSON.parse(line))).toEqual(
    expect.arrayContaining([
      {
        line: 2,
        column: 'CustSpaceId (column 1)',
        code: 'TEXT_NORMALISED',
        message: 'is read as C0',
        severity: 'warning',
      },
      {
        line: 26,
        column: 'IsvTerms (column 7)',
        code: 'AGREEMENT_TRUNCATED',
        message: '"agreement-25.pdf" is not complete: the mark of its end (%%EOF) is missing',
      },
    ]),
  );
  expect(stderr).not.toContain('warning: line');
});
