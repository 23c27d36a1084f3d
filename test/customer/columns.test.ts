import { expect, it } from 'vitest';
import { parseColumns } from '../../src/customer/header.ts';

it('finds the columns in any spelling and beside columns of others', () => {
  const found = parseColumns([
    'cust_space_id',
    'Cust Name',
    'OFFICEADDRESS',
    'contact-mail',
    'CountryId',
    'Note',
    'BusinessDesc',
    'isvTerms',
  ]);
  expect(found.indexOf).toMatchObject({ CustSpaceId: 0, BusinessDesc: 6, IsvTerms: 7 });
});

it('names every column that is missing or doubled', () => {
  expect(() => parseColumns(['CustSpaceId', 'CustName', 'cust name'])).toThrow(
    /CustName appears 2 times.*IsvTerms is missing/,
  );
});

it('asks about the delimiter where a single column has semicolons in it', () => {
  expect(() => parseColumns(['CustSpaceId;CustName'])).toThrow(/--delimiter ';'/);
});
