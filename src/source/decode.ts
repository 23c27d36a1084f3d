/** Bytes to text, in a stream: in the encoding that was given or that the bytes prove, and never by replacing any. */
import type { Readable } from 'node:stream';
import { AppError } from '../errors.ts';
import {
  canonicalEncoding,
  decodeLossy,
  encodingByZeros,
  markedEncoding,
  nameOfEncoding,
  openStrictDecoder,
} from './encoding.ts';
import { guessEncoding } from './guess.ts';
import type { TextOptions } from './row.ts';

/** As much of a file as its encoding is recognised by, in bytes. */
const HEAD_BYTES = 64 * 1024;

/** As many characters beyond ASCII that are valid UTF-8 are no accident; one of three bytes is none, either. */
const NO_ACCIDENT = 8;

/**
 * Yields the text of a file, in pieces.
 * @throws AppError INPUT_ENCODING that says what the file looks like, USAGE if there is no such encoding
 */
export async function* readText(input: Readable, options: TextOptions): AsyncGenerator<string> {
  const given = options.encoding === undefined ? undefined : canonicalEncoding(options.encoding);
  const chunks = input[Symbol.asyncIterator]() as AsyncIterator<Buffer | string>;
  const head = await readHead(chunks);
  const encoding = chooseEncoding(head, given);
  if (encoding !== 'utf-8' && given === undefined) options.onNote?.(`read as ${nameOfEncoding(encoding)}`);
  const decoder = openTextDecoder(encoding);
  if (head.length > 0) yield await decoder.write(head);
  for (let next = await chunks.next(); !next.done; next = await chunks.next())
    yield await decoder.write(Buffer.from(next.value as Buffer));
  yield await decoder.end();
}

async function readHead(chunks: AsyncIterator<Buffer | string>): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  while (length < HEAD_BYTES) {
    const next = await chunks.next();
    if (next.done) break;
    const part = Buffer.from(next.value as Buffer);
    parts.push(part);
    length += part.length;
  }
  return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
}

/** A byte order mark comes first, then what was given, then zero bytes. */
function chooseEncoding(head: Buffer, given: string | undefined): string {
  const marked = markedEncoding(head);
  if (marked === undefined) return given ?? encodingByZeros(head.subarray(0, HEAD_BYTES)) ?? 'utf-8';
  // `utf-16` is a label of UTF-16 LE, and people mean either by it.
  if (given === undefined || given.slice(0, 6) === marked.slice(0, 6)) return marked;
  const name = nameOfEncoding(marked);
  throw refusal(
    `The file is ${name}: it begins with the byte order mark of ${name}.`,
    'Leave out --encoding.',
  );
}

function openTextDecoder(encoding: string) {
  const strict = openStrictDecoder(encoding);
  const name = nameOfEncoding(encoding);
  const rival = encoding === 'utf-8' ? undefined : openUtf8Watch();
  const before = openCount();
  let lines = 0;
  const isUtf8 = () => refusal(`The file is UTF-8, not ${name}.`, 'Leave out --encoding.');

  async function write(bytes: Buffer): Promise<string> {
    rival?.write(bytes);
    if (rival?.isSurelyUtf8()) throw isUtf8();
    try {
      const text = strict.write(bytes);
      note(text);
      return text;
    } catch {
      note(validStart(bytes, encoding));
      throw await explain(bytes);
    }
  }

  function note(text: string) {
    lines += text.match(LINE_BREAKS)?.length ?? 0;
    if (rival === undefined) before.add(text);
  }

  async function explain(bytes: Buffer): Promise<AppError> {
    const what = `Line ${lines + 1} is not ${name}`;
    if (rival === undefined && (before.isNoAccident() || isMostlyUtf8(bytes)))
      return refusal(
        `${what}, though other text is: the file mixes encodings or is damaged.`,
        'Look at that line, and save all of the file as UTF-8.',
      );
    const guess = await guessEncoding(bytes);
    if (guess === undefined) return refusal(`${what}, nor any other encoding that we know.`, SAVE_AGAIN);
    const { encoding: other, sample } = guess;
    if (other === encoding) return refusal(`${what}, though most of the file looks like it.`, SAVE_AGAIN);
    return refusal(
      `${what}; it looks like ${other}, in which it says ${sample}.`,
      `If that reads right, give --encoding ${other}; if not, save the file as UTF-8.`,
    );
  }

  async function end(): Promise<string> {
    if (rival?.isUtf8()) throw isUtf8();
    try {
      return strict.end();
    } catch {
      throw refusal(`The file ends in the middle of a character, on line ${lines + 1}.`, SAVE_AGAIN);
    }
  }

  return { write, end };
}

const SAVE_AGAIN = 'Save the file again, as UTF-8.';
const LINE_BREAKS = /\r\n|\r|\n/g;
const BEYOND_ASCII = /[^\0-\x7f]/g;
const WIDE = /[\u0800-\uffff]/;

const refusal = (message: string, hint: string) => new AppError('INPUT_ENCODING', message, { hint });

/** The text before the first bytes that are invalid. A piece may begin in the middle of a character. */
function validStart(bytes: Buffer, encoding: string): string {
  const isUtf8 = encoding === 'utf-8';
  let from = 0;
  while (isUtf8 && from < 3 && ((bytes[from] ?? 0) & 0xc0) === 0x80) from++;
  const lossy = decodeLossy(bytes.subarray(from), encoding);
  const at = lossy.indexOf('\ufffd');
  return at === -1 ? lossy : lossy.slice(0, at);
}

/** Text in another encoding has some characters that are valid UTF-8 by accident, and more that are not. */
function isMostlyUtf8(bytes: Buffer): boolean {
  const beyond = decodeLossy(bytes, 'utf-8').match(BEYOND_ASCII) ?? [];
  return beyond.filter((character) => character !== '\ufffd').length > beyond.length / 2;
}

/** How much beyond ASCII a text holds. */
function openCount() {
  const count = { characters: 0, isWide: false };
  return {
    add(text: string) {
      if (count.isWide || count.characters >= NO_ACCIDENT) return;
      count.isWide = WIDE.test(text);
      count.characters += text.match(BEYOND_ASCII)?.length ?? 0;
    },
    isAny: () => count.characters > 0,
    /** Bytes of another encoding are not valid UTF-8 as often as this. */
    isNoAccident: () => count.isWide || count.characters >= NO_ACCIDENT,
  };
}

/** Watches whether bytes that are read as something else are UTF-8 and more than ASCII: then the something else is wrong. */
function openUtf8Watch() {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const count = openCount();
  let isValid = true;

  function attempt(decode: () => string) {
    try {
      const text = isValid ? decode() : '';
      isValid &&= !text.includes('\0');
      count.add(text);
    } catch {
      isValid = false;
    }
  }
  return {
    write: (bytes: Buffer) => attempt(() => decoder.decode(bytes, { stream: true })),
    isSurelyUtf8: () => isValid && count.isNoAccident(),
    isUtf8() {
      attempt(() => decoder.decode());
      return isValid && count.isAny();
    },
  };
}
