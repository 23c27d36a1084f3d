/** Which separator a CSV file uses, as its first lines show. Pure. */
import { AppError } from '../errors.ts';

export interface Dialect {
  delimiter: string;
  /** Characters of a first line `sep=;`, which is for Excel alone; 0 if there is none. */
  skip: number;
}

/** In the order in which they are preferred where the lines do not tell. */
const CANDIDATES = [',', ';', '\t', '|'];

const NAMES: Record<string, string> = {
  ';': 'semicolon-separated',
  '\t': 'tab-separated',
  '|': 'separated by |',
};

/** As many lines as are looked at. */
const LINES_MAX = 10;

/** A table of customers has at least seven columns, so each of its lines has as many separators. */
const SEPARATORS_MIN = 6;

/** Other programs quote the line, or fill it up with separators as if it were a row. */
const SEP_LINE = /^"?sep=([^\r\n"])"?[,;\t|]*(?:\r\n|\r|\n|$)/i;

/** For people: `tab-separated`; undefined for commas. */
export function nameOfDelimiter(delimiter: string): string | undefined {
  return delimiter === ',' ? undefined : (NAMES[delimiter] ?? `separated by ${delimiter}`);
}

/**
 * @param head the first lines of the file
 * @param given a separator that a person named
 * @throws AppError USAGE if that cannot be one
 */
export function recogniseDialect(head: string, given?: string): Dialect {
  if (given !== undefined && !/^[^"\r\n]$/u.test(given))
    throw new AppError('USAGE', 'A delimiter is one character, and no quote or line break: --delimiter ";".');
  const [line = '', declared] = SEP_LINE.exec(head) ?? [];
  const skip = line.length;
  return { delimiter: given ?? declared ?? mostUsed(head.slice(skip)), skip };
}

function mostUsed(head: string): string {
  const counts = countSeparators(head);
  const scores = CANDIDATES.map((candidate) => {
    const perLine = counts.map((line) => line.get(candidate) ?? 0);
    const full = perLine.filter((count) => count >= SEPARATORS_MIN).length;
    return {
      candidate,
      full,
      most: Math.max(0, ...perLine),
      sum: perLine.reduce((sum, count) => sum + count, 0),
    };
  });
  scores.sort((a, b) => b.full - a.full || b.most - a.most || b.sum - a.sum);
  return scores[0]?.sum ? scores[0].candidate : ',';
}

/** How often each candidate stands outside quotes, for each of the first lines that are not empty. */
function countSeparators(head: string): Map<string, number>[] {
  const lines: Map<string, number>[] = [];
  let counts = new Map<string, number>();
  let isQuoted = false;
  let isFieldStart = true;
  for (const character of head) {
    if (character === '"' && (isQuoted || isFieldStart)) isQuoted = !isQuoted;
    isFieldStart = false;
    if (isQuoted) continue;
    if (CANDIDATES.includes(character)) {
      counts.set(character, (counts.get(character) ?? 0) + 1);
      isFieldStart = true;
    } else if (character === '\n' || character === '\r') {
      if (counts.size > 0) lines.push(counts);
      if (lines.length === LINES_MAX) return lines;
      counts = new Map();
      isFieldStart = true;
    }
  }
  return counts.size > 0 ? [...lines, counts] : lines;
}
