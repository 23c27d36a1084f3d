/**
 * Finds a file by what a person sees of its name: Unicode forms, case, widths and spaces do not show, and Windows writes
 * `\` where others write `/`. What is found by several names is not guessed. Pure.
 */
import { distance } from 'fastest-levenshtein';

interface Entry<T> {
  /** The path, for people. */
  shown: string;
  file: T;
}

export type Found<T> =
  | { is: 'found'; file: T }
  /** Several files look like it. */
  | { is: 'ambiguous'; names: string[] }
  /** `nearest` is the name that was probably meant. */
  | { is: 'missing'; nearest?: string };

/** What is spent on suggestions, in all: names looked at, one of which may cost as much as many; about two seconds. */
const LOOKS_MAX = 20_000_000;
const LOOKS_PER_COMPARISON = 30;
/** A name is offered if at most this share of it differs. */
const SHARE_MAX = 0.25;
const decoderOf = (encoding: string) => new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
const UTF_8 = decoderOf('utf-8');
const LEGACY = ['gb18030', 'big5', 'shift_jis', 'euc-kr'].map(decoderOf);

export class NameIndex<T> {
  readonly #seen = new Map<string, Entry<T>[]>();
  readonly #loose = new Map<string, Entry<T>[]>();
  /** By their last part, which is where people are wrong. */
  readonly #stems: { stem: string; shown: string; letters: number }[] = [];
  #looksLeft = LOOKS_MAX;

  /** @param readings every way to read the name of one file, the likeliest first */
  add(readings: readonly string[], file: T): void {
    const entry = { shown: readings[0] ?? '', file };
    for (const key of new Set(readings.map(seenKey))) push(this.#seen, key, entry);
    for (const key of new Set(readings.map(looseKey))) push(this.#loose, key, entry);
    for (const shown of readings) {
      const stem = stemOf(shown);
      this.#stems.push({ stem, shown, letters: lettersIn(stem) });
    }
  }

  find(name: string): Found<T> {
    for (const entries of [this.#seen.get(seenKey(name)), this.#loose.get(looseKey(name))]) {
      const [only, ...others] = entries ?? [];
      if (only === undefined) continue;
      if (others.length === 0) return { is: 'found', file: only.file };
      return { is: 'ambiguous', names: [only, ...others].map(({ shown }) => shown) };
    }
    return { is: 'missing', nearest: this.#nearest(stemOf(name)) };
  }

  #nearest(stem: string): string | undefined {
    if (this.#looksLeft < 0) return undefined;
    this.#looksLeft -= this.#stems.length;
    const letters = lettersIn(stem);
    let best: { shown: string; steps: number } | undefined;
    for (const { stem: other, shown, letters: others } of this.#stems) {
      const limit = best?.steps ?? Math.max(1, Math.floor(stem.length * SHARE_MAX)) + 1;
      // Each step changes the letters by two at most.
      if (Math.abs(other.length - stem.length) >= limit || bitsIn(letters ^ others) > 2 * limit) continue;
      this.#looksLeft -= LOOKS_PER_COMPARISON;
      if (this.#looksLeft < 0) return undefined;
      const steps = distance(stem, other);
      if (steps < limit) best = { shown, steps };
    }
    return best?.shown;
  }
}

/** Every text that the bytes of a file name may stand for: not all names are UTF-8, such as those of old ZIP files. */
export function readingsOf(name: Uint8Array): string[] {
  const utf8 = decode(UTF_8, name);
  if (utf8 !== undefined) return [utf8];
  const readings = LEGACY.flatMap((decoder) => decode(decoder, name) ?? []);
  return readings.length > 0 ? [...new Set(readings)] : [Buffer.from(name).toString('latin1')];
}

function decode(decoder: ReturnType<typeof decoderOf>, bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Two paths with the same key look exactly alike. */
function seenKey(path: string): string {
  return partsOf(path).join('/').normalize('NFC');
}

/** Two paths with the same key look alike to someone who does not look at case, widths and spaces. */
function looseKey(path: string): string {
  return partsOf(path)
    .map((part) =>
      part
        .normalize('NFKC')
        .replace(/[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}]/gu, '')
        .replace(/\s+/g, ' ')
        .replace(/ (?=\.[^.]*$)/, '')
        .trim(),
    )
    .join('/')
    .toUpperCase()
    .toLowerCase();
}

const stemOf = (path: string) => looseKey(partsOf(path).at(-1) ?? '').replace(/\.pdf$/, '');

/** Which letters a text has, as one bit for several letters. */
function lettersIn(text: string): number {
  let letters = 0;
  for (let index = 0; index < text.length; index++) letters |= 1 << (text.charCodeAt(index) & 31);
  return letters;
}

function bitsIn(word: number): number {
  let bits = 0;
  for (let rest = word; rest !== 0; rest &= rest - 1) bits++;
  return bits;
}

const partsOf = (path: string) => path.split(/[\\/]/).filter((part) => part !== '' && part !== '.');

function push<T>(map: Map<string, Entry<T>[]>, key: string, entry: Entry<T>): void {
  const entries = map.get(key);
  if (entries) entries.push(entry);
  else map.set(key, [entry]);
}
