/** Text of a file inside a message: short, and without characters that a terminal would obey. Pure. */

/** As much of it as a message shows, in characters. */
const LENGTH_SHOWN_MAX = 60;

/** Control, format, private and unassigned characters, and halves of pairs. */
const INVISIBLE = /[\p{C}\u2028\u2029]/gu;

/** `"Acme Ltd"`; what is left out is shown as `…`. */
export function quoted(text: string): string {
  return `"${shown(text)}"`;
}

/** The same without the quotes. */
export function shown(text: string): string {
  const isLong = text.length > LENGTH_SHOWN_MAX;
  const start = isLong ? text.slice(0, LENGTH_SHOWN_MAX).toWellFormed() : text;
  return `${start.replace(INVISIBLE, '·')}${isLong ? '…' : ''}`;
}
