/** What programs leave in text files that is no text: byte order marks between joined files, Ctrl-Z and zeros at the end. */
import { AppError } from '../errors.ts';

/** Longest line, in characters. A file without line breaks would fill the memory. */
const LINE_LENGTH_MAX = 512 * 1024;

/** Short enough for the length of lines to be seen while it is bounded, in characters. */
const PIECE_LENGTH = 128 * 1024;

/** Longest run at the end of a file that is taken for filling, in characters. */
const FILLING_MAX = 1024 * 1024;

const MARK = '\ufeff';
const MARKS_AT_LINE_START = /(?<=[\r\n])\ufeff+/g;
const MARKS_AT_START = /^\ufeff+/;
/** What DOS programs and copies of whole disk blocks put behind a text. */
const FILLING = '\0\u001a';

/**
 * Yields the text without them, in pieces.
 * @throws AppError INPUT_TOO_LONG with the line, if that has more than 512 K characters
 */
export async function* withoutLeftovers(text: AsyncIterable<string>): AsyncGenerator<string> {
  const check = createLengthCheck();
  let isLineStart = true;
  let filling = '';
  for await (const piece of text) {
    let content = filling + piece;
    filling = '';
    if (content.includes(MARK)) {
      content = content.replace(MARKS_AT_LINE_START, '');
      if (isLineStart) content = content.replace(MARKS_AT_START, '');
    }
    if (content === '') continue;
    filling = fillingOf(content);
    if (filling !== '') content = content.slice(0, -filling.length);
    if (content === '') continue;
    isLineStart = /[\r\n]$/.test(content);
    for (let from = 0; from < content.length; from += PIECE_LENGTH) {
      const part = content.slice(from, from + PIECE_LENGTH);
      check(part);
      yield part;
    }
  }
}

/** It is filling only if nothing comes after it, which is known later. Line breaks between it are a part of it. */
function fillingOf(content: string): string {
  let from = content.length;
  for (let index = content.length - 1; index >= 0; index--) {
    const character = content.charAt(index);
    if (FILLING.includes(character)) from = index;
    else if (character !== '\n' && character !== '\r') break;
  }
  return content.length - from > FILLING_MAX ? '' : content.slice(from);
}

function createLengthCheck() {
  let lines = 0;
  let length = 0;
  return (content: string) => {
    const first = content.search(/[\r\n]/);
    length += first === -1 ? content.length : first;
    if (length > LINE_LENGTH_MAX)
      throw new AppError('INPUT_TOO_LONG', `Line ${lines + 1} has more than ${LINE_LENGTH_MAX} characters.`);
    if (first === -1) return;
    lines += content.match(/\r\n|\r|\n/g)?.length ?? 0;
    length = content.length - 1 - Math.max(content.lastIndexOf('\n'), content.lastIndexOf('\r'));
  };
}
