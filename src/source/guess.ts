/** What bytes that are not UTF-8 look like: a guess that a person can check, because it shows what it makes of them. */
import { decodeLossy } from './encoding.ts';
import { quoted } from './quoted.ts';

/** Encodings of spreadsheets where our customers are, by the names that the detector gives them. */
const CANDIDATES: Record<string, string> = {
  GB18030: 'gb18030',
  GB2312: 'gb18030',
  Big5: 'big5',
  SHIFT_JIS: 'shift_jis',
  CP932: 'shift_jis',
  'EUC-KR': 'euc-kr',
  CP949: 'euc-kr',
  'Windows-1252': 'windows-1252',
  'ISO-8859-1': 'windows-1252',
};

/** Enough for the detector, in bytes. */
const EVIDENCE_MAX = 4096;

export interface EncodingGuess {
  encoding: string;
  /** The first cell that is not ASCII, decoded and quoted. */
  sample: string;
}

/** @returns undefined if the bytes are valid in none of the candidates */
export async function guessEncoding(bytes: Buffer): Promise<EncodingGuess | undefined> {
  const { detectAll } = await import('jschardet');
  const evidence = wordsBeyondAscii(bytes);
  if (evidence.length === 0) return undefined;
  const ranked = detectAll(evidence, { minimumThreshold: 0, detectEncodings: Object.keys(CANDIDATES) });
  for (const { encoding: name } of ranked) {
    const encoding = CANDIDATES[name ?? ''];
    if (encoding !== undefined && !decodeLossy(evidence, encoding).includes('\ufffd'))
      return { encoding, sample: quoted(sampleOf(bytes, encoding)) };
  }
  return undefined;
}

/** The cells that are not ASCII; the others tell nothing, and there are many of them. */
function wordsBeyondAscii(bytes: Buffer): Buffer {
  const words: Buffer[] = [];
  let length = 0;
  for (const [from, to] of cellsOf(bytes)) {
    words.push(bytes.subarray(from, to), Buffer.from('\n'));
    length += to - from + 1;
    if (length > EVIDENCE_MAX) break;
  }
  return Buffer.concat(words);
}

function sampleOf(bytes: Buffer, encoding: string): string {
  const [[from, to] = [0, 0]] = cellsOf(bytes);
  return decodeLossy(bytes.subarray(from, to), encoding).trim();
}

/** No byte of these is the second byte of a character in any of the candidates. */
const SEPARATORS = new Set([...'\r\n\t,;"'].map((character) => character.charCodeAt(0)));

/** Where the cells with bytes beyond ASCII begin and end. */
function* cellsOf(bytes: Buffer): Generator<[from: number, to: number]> {
  let from = 0;
  let isPlain = true;
  for (let index = 0; index <= bytes.length; index++) {
    const byte = bytes[index];
    if (byte !== undefined && !SEPARATORS.has(byte)) {
      isPlain &&= byte < 0x80;
      continue;
    }
    if (!isPlain) yield [from, index];
    from = index + 1;
    isPlain = true;
  }
}
