/**
 * The texts that cells refer to by number. Millions of them would fill the heap as strings, so they are kept as bytes
 * outside of it: Latin-1 where that is enough, UTF-16 otherwise, which loses nothing either.
 */
import type { Readable } from 'node:stream';
import { tooLarge } from './refusals.ts';
import { RichText } from './rich-text.ts';
import { parseXml } from './xml.ts';

const STRINGS_MAX = 4_000_000;
const BYTES_MAX = 128 * 1024 * 1024;
const BLOCK_BYTES = 1024 * 1024;
const WHAT = 'its list of texts';

const NOT_LATIN1 = /[^\p{ASCII}\u0080-\u00ff]/u;

export class SharedStrings {
  readonly #blocks: Buffer[] = [];
  /** Where in the last block the next text goes. */
  #used = BLOCK_BYTES;
  /** Of each text: its block, where it starts there, and twice its length, plus one if it is in UTF-16. */
  #places = new Uint32Array(3 * 1024);
  #count = 0;
  #bytes = 0;

  add(text: string): void {
    const isWide = NOT_LATIN1.test(text);
    const bytes = Buffer.from(text, isWide ? 'utf16le' : 'latin1');
    this.#bytes += bytes.length;
    if (this.#count >= STRINGS_MAX) throw tooLarge(`${WHAT} has more than ${STRINGS_MAX} entries`);
    if (this.#bytes > BYTES_MAX) throw tooLarge(`${WHAT} has more than ${BYTES_MAX / 1024 / 1024} MB`);
    if (this.#used + bytes.length > BLOCK_BYTES) {
      this.#blocks.push(Buffer.allocUnsafeSlow(Math.max(BLOCK_BYTES, bytes.length)));
      this.#used = 0;
    }
    if (3 * (this.#count + 1) > this.#places.length) this.#grow();
    bytes.copy(this.#blocks.at(-1) as Buffer, this.#used);
    this.#places.set(
      [this.#blocks.length - 1, this.#used, 2 * bytes.length + Number(isWide)],
      3 * this.#count++,
    );
    this.#used += bytes.length;
  }

  /** @returns undefined if there is no such text */
  get(index: number): string | undefined {
    if (!(index >= 0 && index < this.#count)) return undefined;
    const [block = 0, start = 0, size = 0] = this.#places.subarray(3 * index, 3 * index + 3);
    return this.#blocks[block]?.toString(size % 2 ? 'utf16le' : 'latin1', start, start + (size >>> 1));
  }

  #grow(): void {
    const places = new Uint32Array(2 * this.#places.length);
    places.set(this.#places);
    this.#places = places;
  }
}

/** @throws AppError INPUT_XLSX */
export async function readSharedStrings(stream: Readable): Promise<SharedStrings> {
  const strings = new SharedStrings();
  let item: RichText | undefined;
  const handlers = {
    open(name: string) {
      if (name === 'si') item = new RichText();
      else item?.open(name);
    },
    close(name: string) {
      item?.close(name);
      if (name !== 'si') return;
      strings.add(item?.value ?? '');
      item = undefined;
    },
    text: (text: string) => item?.text(text),
  };
  for await (const _chunk of parseXml(stream, WHAT, handlers));
  return strings;
}
