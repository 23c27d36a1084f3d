/** CSV and NDJSON files as programs write them, to be mutated. */
import { stringify } from 'csv-stringify/sync';
import iconv from 'iconv-lite';
import { INPUT_FIELDS } from '../../src/customer/fields.ts';
import { below, oneOf, type Random } from '../support/fuzz.ts';

const CELLS = [
  ...[
    '',
    '007',
    'Acme Ltd',
    '1 Road, Town',
    '5" pipe',
    'The "Best" Co',
    '"Q" Ltd',
    'a\nb',
    'a\r\nb',
    'a;b\tc|d',
  ],
  ...[
    '杭州青松网络科技有限公司',
    'Société Générale',
    '𠮷野家😀',
    ' x ',
    '=SUM(1)',
    "it's",
    'SG',
    'a@customer.example',
  ],
];

function makeTable(random: Random): string[][] {
  const extra = oneOf(random, [[], [], ['Note'], ['Note', '']]);
  const header = [...INPUT_FIELDS, ...extra];
  const rows = Array.from({ length: 1 + below(random, 5) }, () => header.map(() => oneOf(random, CELLS)));
  const title = oneOf(random, [[], [], [['Customers, 2026']]]);
  return [...title, header, ...rows];
}

export interface MadeText {
  bytes: Buffer;
  encoding: string;
}

export function makeCsv(random: Random): MadeText {
  const text = stringify(makeTable(random), {
    delimiter: oneOf(random, [',', ',', ';', '\t', '|']),
    record_delimiter: oneOf(random, ['\n', '\r\n', '\r']),
    quoted: oneOf(random, [false, false, true]),
  });
  return encode(text, random);
}

export function makeNdjson(random: Random): MadeText {
  const [header = [], ...rows] = makeTable(random).filter(({ length }) => length > 1);
  const lines = rows.map((row) =>
    JSON.stringify(Object.fromEntries(row.map((cell, index) => [header[index], cell]))),
  );
  return encode(lines.join(oneOf(random, ['\n', '\r\n'])), random);
}

function encode(text: string, random: Random): MadeText {
  const encoding = oneOf(random, ['utf-8', 'utf-8', 'utf-8', 'utf-16le', 'utf-16be', 'utf-32le', 'gb18030']);
  const mark = oneOf(random, ['', '\ufeff']);
  return { bytes: iconv.encode(mark + text, encoding, { addBOM: false }), encoding };
}
