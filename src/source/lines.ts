/** Text to lines, split at line feeds only: U+2028 and U+0085, which other readers split at as well, are text. */

export interface Line {
  /** Counted from 1. */
  line: number;
  content: string;
}

/** Yields the lines without what ends them. @param isTooLong called with the length so far, of whole lines and of others */
export async function* linesOf(
  text: AsyncIterable<string>,
  check: (length: number, line: number) => void = () => undefined,
): AsyncGenerator<Line> {
  let line = 1;
  let rest = '';
  for await (const piece of text) {
    const content = rest + piece;
    let from = 0;
    for (let to = content.indexOf('\n'); to !== -1; to = content.indexOf('\n', from)) {
      check(to - from, line);
      yield { line, content: content.slice(from, to) };
      line++;
      from = to + 1;
    }
    rest = content.slice(from);
    check(rest.length, line);
  }
  if (rest !== '') yield { line, content: rest };
}
