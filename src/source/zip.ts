/**
 * Reads zip archives that come from anybody. The table of contents is bounded before it is kept, an entry gives no more
 * bytes than it declares, and its checksum is compared.
 */
import type { FileHandle } from 'node:fs/promises';
import { type Readable, Transform } from 'node:stream';
import { crc32 } from 'node:zlib';
import { type Entry, fromFdPromise, getFileNameLowLevel, type ZipFile } from 'yauzl';

export interface ZipEntry {
  /** As the archive has it, with `/` between folders. Nobody has checked where it leads. */
  name: string;
  /** Inflated, in bytes, as declared; reading fails at one byte more. */
  size: number;
  isFolder: boolean;
  isLink: boolean;
  isEncrypted: boolean;
  /** The archive does not say how the name is encoded, and it is not ASCII or UTF-8: read as this. */
  guessedEncoding?: 'gb18030' | 'cp437';
}

export interface ZipArchive {
  entries: ZipEntry[];
  /** The inflated content; fails if it is damaged. */
  open(entry: ZipEntry): Promise<Readable>;
}

/** In the upper half of the attributes an archiver on Unix keeps the mode of the file. */
const KIND_OF_FILE = 0o170000;
const LINK = 0o120000;
const UTF8_NAME = 0x800;

/** Names, notes and other particulars of all entries. */
const CONTENTS_BYTES_MAX = 64 * 1024 * 1024;

/** Why an archive cannot be read; the caller says which one, and what to do. */
export class ZipError extends Error {}

/**
 * @param file stays open, and belongs to the caller
 * @param entriesMax most entries that are kept
 * @throws ZipError
 */
export async function openZip(file: FileHandle, entriesMax: number): Promise<ZipArchive> {
  const zip = await fromFdPromise(file.fd, {
    lazyEntries: true,
    autoClose: false,
    decodeStrings: false,
  }).catch((cause: unknown) => {
    throw new ZipError('it is damaged or was not copied completely', { cause });
  });
  if (zip.entryCount > entriesMax) throw new ZipError(`it has more than ${entriesMax} entries`);
  const found = new Map<ZipEntry, Entry>();
  let bytes = 0;
  try {
    for await (const entry of zip.eachEntry()) {
      bytes += entry.fileNameLength + entry.extraFieldLength + entry.fileCommentLength;
      if (bytes > CONTENTS_BYTES_MAX) throw new ZipError('its table of contents is too long');
      if (found.size >= entriesMax) throw new ZipError(`it has more than ${entriesMax} entries`);
      found.set(describe(entry), entry);
    }
  } catch (cause) {
    if (cause instanceof ZipError) throw cause;
    throw new ZipError('its table of contents is damaged', { cause });
  }
  return {
    entries: [...found.keys()],
    open: async (entry) => openEntry(zip, found.get(entry) as Entry),
  };
}

async function openEntry(zip: ZipFile, entry: Entry): Promise<Readable> {
  if (!entry.canDecodeFileData()) throw new ZipError('it is encrypted, or packed in an unusual way');
  const content = await zip.openReadStreamPromise(entry).catch((cause: unknown) => {
    throw new ZipError('it is damaged', { cause });
  });
  const checked = checksum(entry.crc32);
  content.once('error', (cause) => checked.destroy(new ZipError('its content is damaged', { cause })));
  checked.once('close', () => content.destroy());
  return content.pipe(checked);
}

function checksum(expected: number): Transform {
  let sum = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sum = crc32(chunk, sum);
      done(null, chunk);
    },
    flush(done) {
      done(sum === expected ? null : new ZipError('its content does not match its checksum'));
    },
  });
}

function describe(entry: Entry): ZipEntry {
  const { name, guessedEncoding } = decodeName(entry);
  return {
    name: name.replaceAll('\\', '/'),
    size: entry.uncompressedSize,
    isFolder: /[/\\]$/.test(name),
    isLink: ((entry.externalFileAttributes >>> 16) & KIND_OF_FILE) === LINK,
    isEncrypted: entry.isEncrypted(),
    ...(guessedEncoding && { guessedEncoding }),
  };
}

/** Windows in China packs names in GBK, macOS in UTF-8, and neither says so. */
function decodeName(entry: Entry): Pick<ZipEntry, 'name' | 'guessedEncoding'> {
  const raw = entry.fileNameRaw;
  const standard = getFileNameLowLevel(entry.generalPurposeBitFlag, raw, entry.extraFields, false);
  const isMarked = (entry.generalPurposeBitFlag & UTF8_NAME) !== 0;
  const hasUnicodeName = entry.extraFields.some(({ id }) => id === 0x7075);
  if (isMarked || hasUnicodeName || raw.every((byte) => byte < 0x80)) return { name: standard };
  const utf8 = decode('utf-8', raw);
  if (utf8 !== undefined) return { name: utf8 };
  const gbk = decode('gb18030', raw);
  if (gbk !== undefined) return { name: gbk, guessedEncoding: 'gb18030' };
  return { name: standard, guessedEncoding: 'cp437' };
}

function decode(encoding: string, bytes: Buffer): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
