import { expect, it } from 'vitest';
import { customerOfKept, fieldColumnsOf, keepCells, restoreCells } from '../../src/customer/cells.ts';
import { parseColumns } from '../../src/customer/header.ts';
import { checkRow } from '../../src/customer/validate.ts';

const COLUMNS = parseColumns([
  'Note',
  'cust_space_id',
  'IsvTerms',
  'CustName',
  'OfficeAddress',
  'ContactMail',
  'CountryId',
  'More',
  'BusinessDesc',
]);
const CELLS = ['n', ' 007 ', 'a.pdf', 'Ali\nyun', "'+86 Road", 'a@b.example', 'cn', '', 'Marketing'];
const input = checkRow(COLUMNS, { line: 2, values: CELLS }).input;
if (input === undefined) throw new Error('the row is good');

it('keeps what is sent once, and each cell that differs from it', () => {
  const kept = keepCells(COLUMNS, CELLS, input);
  expect(kept).toEqual({
    fields: ['007', 'Ali yun', "'+86 Road", 'a@b.example', 'CN', 'Marketing', 'a.pdf'],
    raw: { 0: ' 007 ', 1: 'Ali\nyun', 4: 'cn' },
    rest: ['n', ''],
  });
  expect(customerOfKept(kept)).toEqual({
    CustSpaceId: '007',
    CustName: 'Ali yun',
    OfficeAddress: "'+86 Road",
    ContactMail: 'a@b.example',
    CountryId: 'CN',
    BusinessDesc: 'Marketing',
  });
});

it('gives the cells back as the source had them', () => {
  const where = { columns: COLUMNS.names, fieldColumns: fieldColumnsOf(COLUMNS) };
  expect(restoreCells(where, keepCells(COLUMNS, CELLS, input))).toEqual(CELLS);
  expect(restoreCells(where, keepCells(COLUMNS, CELLS.slice(0, 8), { ...input, BusinessDesc: '' }))).toEqual([
    ...CELLS.slice(0, 8),
    '',
  ]);
});
