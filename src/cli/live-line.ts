/** The last line of a terminal, written again in place: as wide as the terminal is at the moment, and never wrapped. */
import type { WriteStream } from 'node:tty';
import stringWidth from 'string-width';
import { printable } from '../printable.ts';

/** What some terminals draw one column wide and others two counts as two. */
const widthOf = (text: string) => stringWidth(text, { ambiguousIsNarrow: false });
const ELLIPSIS = '…';
/** A terminal that does not say. */
const COLUMNS = 80;
const CLEAR = '\r\u001b[2K';

/** The beginning of a text that takes at most so many columns. */
export function cut(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let width = widthOf(ELLIPSIS);
  let fitting = '';
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    width += widthOf(segment);
    if (width > columns) break;
    fitting += segment;
  }
  return columns < widthOf(ELLIPSIS) ? '' : `${fitting}${ELLIPSIS}`;
}

export class LiveLine {
  readonly #terminal: WriteStream;
  #render: (columns: number) => string = () => '';
  readonly #draw = () => this.draw();
  readonly #end = () => this.end();

  constructor(terminal: WriteStream) {
    this.#terminal = terminal;
    terminal.on('resize', this.#draw);
    // However the process ends, what is written next begins on a line of its own.
    process.once('exit', this.#end);
  }

  /** @param render the text for so many columns, without line breaks */
  show(render: (columns: number) => string): void {
    this.#render = render;
    this.draw();
  }

  draw(): void {
    // In the last column the cursor would already be on the way to the next line.
    const columns = (this.#terminal.columns || COLUMNS) - 1;
    this.#terminal.write(`${CLEAR}${cut(printable(this.#render(columns)), columns)}`);
  }

  /** Makes room for a line that stays. */
  clear(): void {
    this.#terminal.write(CLEAR);
  }

  /** Leaves the line as it is. */
  end(): void {
    this.#terminal.off('resize', this.#draw);
    process.off('exit', this.#end);
    this.#terminal.write('\n');
  }
}
