/** Reads the XML inside a workbook piece by piece; nothing in it can take more memory than the limits here. */
import type { Readable } from 'node:stream';
import { TextDecoder } from 'node:util';
import { SaxesParser } from 'saxes';
import { damaged, tooLarge } from './refusals.ts';

export interface XmlHandlers {
  /** @param name without the prefix of the root; names with another prefix keep it, so nobody mistakes them */
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  close?(name: string): void;
  text?(text: string): void;
}

type XmlParser = SaxesParser<{ position: false; xmlns: false }>;

/** The longest tag, text or comment, in characters: Excel allows 32,767 in a cell, each perhaps written as `&#134071;`. */
const PIECE_LENGTH_MAX = 1024 * 1024;
const DEPTH_MAX = 64;

/** Parses a part and yields after every chunk, so that the caller can hand on what it has. @param what names the part */
export async function* parseXml(stream: Readable, what: string, handlers: XmlHandlers): AsyncGenerator<void> {
  const seen = { events: 0 };
  const parser = createParser(what, handlers, seen);
  let decoder: TextDecoder | undefined;
  let pending = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    decoder ??= decoderFor(chunk);
    const before = seen.events;
    inXml(what, () => parser.write(decoder?.decode(chunk, { stream: true }) ?? ''));
    pending = seen.events === before ? pending + chunk.length : chunk.length;
    if (pending > PIECE_LENGTH_MAX)
      throw tooLarge(`${what} has a piece of more than ${PIECE_LENGTH_MAX} characters`);
    yield;
  }
  inXml(what, () => parser.write(decoder?.decode() ?? '').close());
  yield;
}

/** The same for a part that is wanted as a whole. */
export async function readXml(stream: Readable, what: string, handlers: XmlHandlers): Promise<void> {
  for await (const _chunk of parseXml(stream, what, handlers));
}

function createParser(what: string, handlers: XmlHandlers, seen: { events: number }): XmlParser {
  const parser: XmlParser = new SaxesParser({ position: false, xmlns: false });
  let depth = 0;
  let prefix: string | undefined;
  const local = (name: string) => (prefix && name.startsWith(prefix) ? name.slice(prefix.length) : name);
  const text = (value: string) => {
    seen.events++;
    handlers.text?.(value);
  };
  parser.on('opentag', ({ name, attributes }) => {
    seen.events++;
    prefix ??= name.slice(0, name.indexOf(':') + 1);
    if (++depth > DEPTH_MAX) throw tooLarge(`${what} has tags ${depth} deep`);
    handlers.open(local(name), attributes);
  });
  parser.on('closetag', ({ name }) => {
    seen.events++;
    depth--;
    handlers.close?.(local(name));
  });
  parser.on('text', text);
  parser.on('cdata', text);
  parser.on('error', (error) => {
    throw damaged(what, error);
  });
  return parser;
}

function inXml(what: string, parse: () => void): void {
  try {
    parse();
  } catch (error) {
    // Bytes that are not in the encoding; everything else is thrown as what it is.
    if (error instanceof TypeError) throw damaged(what, error);
    throw error;
  }
}

/** XML in a workbook is in UTF-8, or in UTF-16 with a byte order mark. */
function decoderFor(start: Buffer): TextDecoder {
  const mark = start.subarray(0, 2).toString('hex');
  const encoding = { fffe: 'utf-16le', feff: 'utf-16be' }[mark] ?? 'utf-8';
  return new TextDecoder(encoding, { fatal: true });
}
