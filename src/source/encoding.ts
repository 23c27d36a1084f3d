/** Which encoding the first bytes of a file prove, and how a file in that encoding is decoded strictly. */
import { TextDecoder } from 'node:util';
import iconv from 'iconv-lite';
import { AppError } from '../errors.ts';
import { quoted } from './quoted.ts';

/** The longer marks first: that of UTF-32 LE begins with that of UTF-16 LE. */
const BYTE_ORDER_MARKS: readonly [encoding: string, mark: Buffer][] = [
  ['utf-32le', Buffer.from([0xff, 0xfe, 0x00, 0x00])],
  ['utf-32be', Buffer.from([0x00, 0x00, 0xfe, 0xff])],
  ['gb18030', Buffer.from([0x84, 0x31, 0x95, 0x33])],
  ['utf-8', Buffer.from([0xef, 0xbb, 0xbf])],
  ['utf-16le', Buffer.from([0xff, 0xfe])],
  ['utf-16be', Buffer.from([0xfe, 0xff])],
];

const NAMES: Record<string, string> = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16 LE',
  'utf-16be': 'UTF-16 BE',
  'utf-32le': 'UTF-32 LE',
  'utf-32be': 'UTF-32 BE',
};

/** How many times as many zero bytes one side of UTF-16 has as the other. */
const ZEROS_RATIO = 4;

/** The least share of characters below U+0100 in UTF-16: ids, addresses, separators. A stray zero proves nothing. */
const ZEROS_SHARE_MIN = 0.1;

/** The name of an encoding, for people. */
export const nameOfEncoding = (encoding: string) => NAMES[encoding] ?? encoding;

/** The encoding whose byte order mark a file begins with. */
export function markedEncoding(head: Buffer): string | undefined {
  return BYTE_ORDER_MARKS.find(([, mark]) => head.subarray(0, mark.length).equals(mark))?.[0];
}

/** UTF-16 or UTF-32 without a byte order mark: text has no character zero, so zero bytes give it away. */
export function encodingByZeros(head: Buffer): string | undefined {
  // Zeros at the end may be filling.
  const text = head.subarray(0, head.findLastIndex((byte) => byte !== 0) + 1);
  const zeros = [0, 0, 0, 0];
  for (let index = text.indexOf(0); index !== -1; index = text.indexOf(0, index + 1))
    zeros[index % 4] = (zeros[index % 4] ?? 0) + 1;
  const [first = 0, second = 0, third = 0, fourth = 0] = zeros;
  const units = Math.floor(text.length / 4);
  // The rare characters beyond U+FFFF have one zero byte less.
  if (units > 1 && fourth >= units && third > units / 2) return 'utf-32le';
  if (units > 1 && first >= units && second > units / 2) return 'utf-32be';
  const [even, odd] = [first + third, second + fourth];
  if (Math.max(even, odd) < (text.length / 2) * ZEROS_SHARE_MIN) return undefined;
  if (odd > even * ZEROS_RATIO) return 'utf-16le';
  return even > odd * ZEROS_RATIO ? 'utf-16be' : undefined;
}

export interface StrictDecoder {
  /** @throws if the bytes are invalid in the encoding */
  write(bytes: Buffer): string;
  /** @throws if the bytes end in the middle of a character */
  end(): string;
}

/**
 * The name by which we know an encoding: that of the WHATWG Encoding Standard, or `utf-32le`, `utf-32be`.
 * @throws AppError USAGE if there is no such encoding
 */
export function canonicalEncoding(label: string): string {
  const plain = label.trim().toLowerCase();
  const utf32 = /^utf-?32[-_]?(le|be)?$/.exec(plain);
  if (utf32) return `utf-32${utf32[1] ?? 'le'}`;
  try {
    const { encoding } = new TextDecoder(plain);
    // The standard reads both alike.
    return encoding === 'gbk' ? 'gb18030' : encoding;
  } catch {
    throw new AppError(
      'USAGE',
      `There is no encoding ${quoted(label)}. Use utf-8, gb18030, big5, shift_jis, euc-kr, windows-1252, utf-16le or another WHATWG label.`,
    );
  }
}

/**
 * Node has no UTF-32, reads windows-1252 as ISO 8859-1 (’ becomes a control character), and knows Big5 without the
 * characters of Hong Kong: iconv-lite reads all but UTF-8 and UTF-16, with U+FFFD in the place of what is invalid.
 */
const isReadByNode = (encoding: string) => /^utf-(8|16)/.test(encoding) || !iconv.encodingExists(encoding);

/** @param encoding a canonical name */
export function openStrictDecoder(encoding: string): StrictDecoder {
  if (isReadByNode(encoding)) {
    const decoder = new TextDecoder(encoding, { fatal: true });
    return { write: (bytes) => decoder.decode(bytes, { stream: true }), end: () => decoder.decode() };
  }
  const decoder = iconv.getDecoder(encoding);
  const strict = (text: string) => {
    if (text.includes('\ufffd') || !text.isWellFormed()) throw new RangeError(`invalid ${encoding}`);
    return text;
  };
  return { write: (bytes) => strict(decoder.write(bytes)), end: () => strict(decoder.end() ?? '') };
}

/** With U+FFFD in the place of what is invalid. @param encoding a canonical name */
export function decodeLossy(bytes: Buffer, encoding: string): string {
  return isReadByNode(encoding) ? new TextDecoder(encoding).decode(bytes) : iconv.decode(bytes, encoding);
}
