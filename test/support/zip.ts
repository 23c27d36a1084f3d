/** Zip archives with everything that an archiver would not write. */
import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipPart {
  name: string | Buffer;
  content?: string | Buffer;
  /** Bit 11: the name is in UTF-8, as it is by default where the name is text. Bit 0: encrypted. */
  flags?: number;
  /** In the upper half the mode of the file on Unix. */
  attributes?: number;
  /** What the archive says of the inflated content, if that is not true. */
  size?: number;
  crc?: number;
}

const UTF8 = 0x800;

export function makeZip(parts: readonly ZipPart[]): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const part of parts) {
    const name = Buffer.from(part.name as string);
    const content = Buffer.from(part.content ?? '');
    const packed = deflateRawSync(content);
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0);
    head.writeUInt16LE(part.flags ?? (typeof part.name === 'string' ? UTF8 : 0), 2);
    head.writeUInt16LE(8, 4);
    head.writeUInt32LE(part.crc ?? crc32(content), 10);
    head.writeUInt32LE(packed.length, 14);
    head.writeUInt32LE(part.size ?? content.length, 18);
    head.writeUInt16LE(name.length, 22);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE((part.attributes ?? 0) >>> 0, 6);
    rest.writeUInt32LE(offset, 10);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), head, name, packed]);
    locals.push(local);
    // Made on Unix, so that the attributes count.
    central.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x03', 'latin1'), head, rest, name]));
    offset += local.length;
  }
  const contents = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(contents.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, contents, end]);
}
