/** A workbook in which some cells are not text: their rows are told one by one, and the others go on. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { validate } from '../../src/batch/validate.ts';
import type { RowProblem } from '../../src/customer/validate.ts';
import { makePdf } from '../support/pdf.ts';
import { customerXml, HEADER_XML, makeWorkbook, rowXml, textCell } from '../support/workbook.ts';

const NUMBER = '<c><v>123456789012346000</v></c>';

async function validateRows(rows: string) {
  const folder = await mkdtemp(join(tmpdir(), 'onboard-cells-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'a.pdf'), makePdf(['a']));
  const path = join(folder, 'customers.xlsx');
  await writeFile(path, makeWorkbook({ sheets: [{ name: 'S', rows }] }));
  const bad: { values: string[]; problems: readonly RowProblem[] }[] = [];
  const summary = await validate(5, {
    from: { path },
    agreements: folder,
    onInvalid: ({ values }, problems) => void bad.push({ values, problems }),
  });
  return { summary, bad };
}

it('refuses a row by the name of its cell, once, and keeps what Excel made of it out of the rejects', async () => {
  const { summary, bad } = await validateRows(
    HEADER_XML + customerXml(textCell('C1')) + customerXml(NUMBER) + customerXml(textCell('C3')),
  );
  expect(summary).toMatchObject({ good: 2, bad: 1 });
  expect(bad).toEqual([
    {
      values: ['', 'Acme', '1 Road', 'a@customer.example', 'SG', 'Orders', 'a.pdf'],
      problems: [
        {
          line: 3,
          column: 'CustSpaceId (column 1)',
          code: 'CELL_NOT_TEXT',
          message: 'cell A3 holds the number 123456789012346000; of its digits Excel kept only the first 15',
        },
      ],
    },
  ]);
});

it('takes anything in columns that are only echoed, and nothing right of all columns', async () => {
  const header = HEADER_XML.replace('</row>', `${textCell('Since')}</row>`);
  const row = (more: string) =>
    customerXml(textCell(more.length.toString())).replace('</row>', `${more}</row>`);
  const { summary, bad } = await validateRows(
    header + row('<c t="d"><v>2026-01-02</v></c>') + row(`${textCell('x')}<c t="b"><v>1</v></c>`),
  );
  expect(summary).toMatchObject({ good: 1, bad: 1 });
  expect(bad[0]?.problems.map(({ code, message }) => [code, message])).toEqual([
    ['CELL_NOT_TEXT', 'cell I3 holds TRUE, which is a truth value and not text'],
    ['COLUMN_COUNT', 'has 9 values for 8 columns'],
  ]);
});

it('does not take two refused ids for one customer twice', async () => {
  const { bad } = await validateRows(HEADER_XML + customerXml(NUMBER) + customerXml(NUMBER) + rowXml(''));
  expect(bad.flatMap(({ problems }) => problems.map(({ code }) => code))).toEqual([
    'CELL_NOT_TEXT',
    'CELL_NOT_TEXT',
  ]);
});
