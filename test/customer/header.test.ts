/** The columns as people call them, and the header where they put it. */
import { describe, expect, it } from 'vitest';
import { openTable } from '../../src/batch/table.ts';
import { addToMap } from '../../src/cli/column-map.ts';
import { COLUMN_NAMES, keyOf } from '../../src/customer/columns.ts';
import { INPUT_FIELDS } from '../../src/customer/fields.ts';
import { findHeader, type HeaderOptions } from '../../src/customer/header.ts';
import type { SourceRow } from '../../src/source/row.ts';

const CUSTOMER = ['C1', 'Acme', '1 Road', 'a@customer.example', 'SG', 'Orders', 'a.pdf'];
const rowsOf = (...rows: string[][]): SourceRow[] =>
  rows.map((values, index) => ({ line: index + 1, values }));
const find = (header: string[], options: HeaderOptions = {}) => findHeader(rowsOf(header, CUSTOMER), options);
/** The API's own names, some of them replaced. */
const headerWith = (changes: Record<number, string>) =>
  INPUT_FIELDS.map((field, index) => changes[index] ?? field);

describe('names', () => {
  it.each([
    [['客户ID', '企业名称', '公司地址', '联系邮箱', '国家', '业务描述', '协议文件']],
    [['空间ID', '公司名称', '办公地址', '电子邮件', '国家/地区', '经营范围', '合同文件名']],
    [['客戶編號', '企業名稱', '辦公地址', '電子郵件', '國家／地區', '業務描述', '合約檔案']],
    [['Space ID', 'Company', 'Address', 'E-mail address', 'Country', 'Business description', 'Agreement']],
    [
      [
        'Customer ID',
        'Company name',
        'Office address',
        'Email',
        'Country code',
        'Description',
        'Contract file',
      ],
    ],
    [
      [
        '*客户 ID',
        '企业名称（必填）',
        '地址:',
        '邮箱 (必填)',
        '国家 Country',
        'Business / 业务',
        '附件\n(PDF)',
      ],
    ],
    [['空间（CustSpaceId）', '甲方(CustName)', '地址', '＊邮箱', 'COUNTRY', '业务', 'File name']],
  ])('finds the seven fields in %j and says which is which', (header) => {
    const { columns, notes } = find(header);
    expect(INPUT_FIELDS.map((field) => columns.indexOf[field])).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(columns.names).toEqual(header);
    expect(notes.length).toBeGreaterThan(4);
  });

  it('says what it recognised, and nothing of the names of the API', () => {
    expect(find(headerWith({ 1: '企业名称' })).notes).toEqual(['企业名称 -> CustName']);
    expect(find(headerWith({ 0: 'cust_space_id' })).notes).toEqual([]);
  });

  it('has each name in one list only, and no name of the API in a list', () => {
    const keys = [...INPUT_FIELDS, ...Object.values(COLUMN_NAMES).flat()].map(keyOf);
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });

  it('takes other columns for nothing else beside those of the API, and no part of a name for the whole', () => {
    const { columns, notes } = find([...INPUT_FIELDS, 'Company', 'Country', 'Notes']);
    expect([columns.indexOf.CustName, columns.indexOf.CountryId, notes]).toEqual([1, 4, []]);
    expect(() => find(headerWith({ 1: '公司 No.' }))).toThrow('the column CustName is missing');
    expect(() => find(headerWith({ 3: 'E-mail / Phone' }))).toThrow('the column ContactMail is missing');
  });
});

describe('what is refused', () => {
  it.each([
    [
      headerWith({ 1: '企业名称' }).concat('公司名称'),
      '企业名称 and 公司名称 may both be CustName; say which',
    ],
    [headerWith({ 2: '地址' }).concat('Address'), '地址 and Address may both be OfficeAddress; say which'],
    [[...INPUT_FIELDS, 'cust name'], 'the column CustName appears 2 times'],
    [headerWith({ 1: 'CustNmae' }), 'the column CustName is missing (CustNmae: did you mean CustName?)'],
    [headerWith({ 4: 'Contry' }), 'the column CountryId is missing (Contry: did you mean CountryId?)'],
    [headerWith({ 1: '企业名稱' }), 'the column CustName is missing (企业名稱: did you mean CustName?)'],
    [headerWith({ 1: 'Telephone' }), 'the column CustName is missing.'],
  ])('refuses %j by name', (header, message) => {
    expect(() => find(header)).toThrow(message);
  });
});

describe('--map', () => {
  const map = { CustName: '甲方', IsvTerms: 'Scan No. 2' };
  const header = headerWith({ 1: '甲方', 6: 'scan no 2' }).concat('Company', 'CustNam');

  it('is believed before any name, and told', () => {
    const { columns, notes } = find([...header, 'CustName'], { map });
    expect([columns.indexOf.CustName, columns.indexOf.IsvTerms]).toEqual([1, 6]);
    expect(notes).toEqual(['甲方 -> CustName', 'scan no 2 -> IsvTerms']);
    expect(
      find(headerWith({ 1: 'Country' }), { map: { CustName: 'Country' } }).columns.indexOf.CustName,
    ).toBe(1);
  });

  it('names a column that is not there, with the nearest', () => {
    expect(() => find(header, { map: { CustName: 'Scan No. 3' } })).toThrow(
      'there is no column "Scan No. 3" for CustName (did you mean scan no 2?)',
    );
  });

  it('is parsed with any name of a field, once each', () => {
    expect(addToMap('企业名称=A = B', addToMap('isv_terms=Scan'))).toEqual({
      IsvTerms: 'Scan',
      CustName: 'A = B',
    });
    for (const wrong of ['CustName', 'Nobody=x', 'CustName=', '=x'])
      expect(() => addToMap(wrong)).toThrow('Give FIELD=COLUMN');
    expect(() => addToMap('Company=x', { CustName: 'y' })).toThrow('CustName is mapped twice');
    expect(() => addToMap('CustName=x', { IsvTerms: 'x' })).toThrow('mapped to two fields');
  });
});

describe('the place of the header', () => {
  const title = [['Customers of 2026', '', ''], ['Company'], ['Filled in by', 'Li Lei']];

  it('is found below a title, and the lines of the file stay', async () => {
    const { columns, notes, rows } = await openTable(
      stream(rowsOf(...title, [...INPUT_FIELDS], CUSTOMER)),
      {},
    );
    expect(columns.names).toEqual([...INPUT_FIELDS]);
    expect(notes).toEqual(['header on line 4']);
    expect(await drain(rows)).toEqual([{ line: 5, values: CUSTOMER }]);
  });

  it('is where it is said to be, even beyond the rows in which it is sought', async () => {
    const rows = rowsOf(
      ...Array.from({ length: 30 }, () => [...INPUT_FIELDS]),
      headerWith({ 1: '甲方' }),
      CUSTOMER,
    );
    const found = await openTable(stream(rows), { headerRow: 31, map: { CustName: '甲方' } });
    expect(await drain(found.rows)).toEqual([{ line: 32, values: CUSTOMER }]);
    await expect(openTable(stream(rows), { headerRow: 99 })).rejects.toThrow('The file ends before line 99');
    const keys = stream([{ line: 0, values: [...INPUT_FIELDS] }]);
    await expect(openTable(keys, { headerRow: 1 })).rejects.toMatchObject({ code: 'USAGE' });
    await expect(openTable(stream(rows.slice(20)), { headerRow: 5 })).rejects.toMatchObject({
      code: 'INPUT_HEADER',
    });
  });

  it('is named in what is refused; a row of customers is no header', () => {
    expect(() => findHeader(rowsOf(...title, headerWith({ 1: 'Telephone' }), CUSTOMER))).toThrow(/^Line 4: /);
    expect(() => findHeader(rowsOf(['x', 'y'], ['公司', 'z']))).toThrow(/^Line 1: /);
    expect(() => findHeader([])).toThrow('The file is empty');
  });

  it.each([
    ['sorted with its table', [CUSTOMER, [...INPUT_FIELDS], CUSTOMER], 'Line 1'],
    ['after a file with another one', [headerWith({ 1: 'CustNmae' }), CUSTOMER, [...INPUT_FIELDS]], 'Line 2'],
    ['below an incomplete row', [['C1', '', '', 'a@b.com', 'SG'], [...INPUT_FIELDS]], 'Line 1'],
  ])('is refused %s: the customers above it would be lost', (_where, rows, line) => {
    expect(() => findHeader(rowsOf(...rows))).toThrow(
      `${line} looks like a customer, but the header is below`,
    );
  });

  it('may be one cell because its lines are quoted as a whole, which no separator mends', () => {
    expect(() => findHeader(rowsOf([INPUT_FIELDS.join(',')]))).toThrow('remove quotes around whole lines');
  });

  it('may have an example or remarks above it, which --header-row says of the former', () => {
    const remarks = [
      ['', '', '', 'name@example.com'],
      ['必填', '必填', '必填', '必填', '必填', '必填', '必填'],
    ];
    expect(findHeader(rowsOf(...remarks, [...INPUT_FIELDS])).index).toBe(2);
    expect(findHeader(rowsOf(CUSTOMER, [...INPUT_FIELDS]), { headerRow: 2 }).index).toBe(1);
  });

  it('is passed over where it comes again, as after cat, or in another language', async () => {
    const again = ['客户ID', '企业名称', '公司地址', '联系邮箱', '国家', '业务描述', '协议文件'];
    const rows = rowsOf([...INPUT_FIELDS], again, CUSTOMER, [...INPUT_FIELDS], CUSTOMER);
    expect((await drain((await openTable(stream(rows), {})).rows)).map(({ line }) => line)).toEqual([3, 5]);
  });

  it('may be filled up to the last column of a sheet', () => {
    const filled = [...INPUT_FIELDS, ...new Array<string>(16_377).fill('')];
    expect(find(filled).columns.names).toHaveLength(7);
    expect(() => find([...filled, 'x'])).toThrow('there are 16385 columns; the limit is 200');
  });
});

async function* stream(rows: readonly SourceRow[]) {
  yield* rows;
}

async function drain(rows: AsyncIterable<SourceRow>): Promise<SourceRow[]> {
  const drained = [];
  for await (const row of rows) drained.push(row);
  return drained;
}
