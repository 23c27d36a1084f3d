/** Workbooks that are small as files and large once they are read. */
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { crc32, createDeflateRaw } from 'node:zlib';

/** A part of a workbook: pieces of text, of which one may come many times. */
export type Part = Iterable<string>;

const TYPES = `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>`;
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const SHEETS = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const relationsOf = (...targets: [type: string, target: string][]) =>
  `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${targets.map(([type, target], index) => `<Relationship Id="rId${index + 1}" Type="${RELATIONS}/${type}" Target="${target}"/>`).join('')}</Relationships>`;

/** Writes a workbook of one sheet. */
export async function writeWorkbook(path: string, sheet: Part, sharedStrings: Part = ['']): Promise<void> {
  const parts: Record<string, Part> = {
    '[Content_Types].xml': [TYPES],
    '_rels/.rels': [relationsOf(['officeDocument', 'xl/workbook.xml'])],
    'xl/_rels/workbook.xml.rels': [
      relationsOf(['worksheet', 'worksheets/sheet1.xml'], ['sharedStrings', 'sharedStrings.xml']),
    ],
    'xl/workbook.xml': [
      `<?xml version="1.0"?><workbook xmlns="${SHEETS}" xmlns:r="${RELATIONS}"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    ],
    'xl/worksheets/sheet1.xml': around(
      `<?xml version="1.0"?><worksheet xmlns="${SHEETS}"><sheetData>`,
      sheet,
      '</sheetData></worksheet>',
    ),
    'xl/sharedStrings.xml': around(`<?xml version="1.0"?><sst xmlns="${SHEETS}">`, sharedStrings, '</sst>'),
  };
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, part] of Object.entries(parts)) {
    const { content, crc, bytes } = await deflate(part);
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt16LE(8, 4);
    facts.writeUInt32LE(crc, 10);
    facts.writeUInt32LE(content.length, 14);
    facts.writeUInt32LE(bytes, 18);
    facts.writeUInt16LE(name.length, 22);
    files.push(Buffer.from('PK\x03\x04', 'latin1'), facts, Buffer.from(name), content);
    const more = Buffer.alloc(14);
    more.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), facts, more, Buffer.from(name));
    offset += 30 + name.length + content.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  for (const at of [4, 6]) end.writeUInt16LE(Object.keys(parts).length, at);
  end.writeUInt32LE(list.length, 8);
  end.writeUInt32LE(offset, 12);
  await writeFile(path, Buffer.concat([...files, list, Buffer.from('PK\x05\x06', 'latin1'), end]));
}

function* around(before: string, part: Part, after: string): Part {
  yield before;
  yield* part;
  yield after;
}

async function deflate(part: Part) {
  const deflater = createDeflateRaw({ level: 9 });
  const content = buffer(deflater);
  let [crc, bytes] = [0, 0];
  for (const text of part) {
    const piece = Buffer.from(text);
    crc = crc32(piece, crc);
    bytes += piece.length;
    if (!deflater.write(piece)) await once(deflater, 'drain');
  }
  deflater.end();
  return { content: await content, crc, bytes };
}
