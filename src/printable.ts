/**
 * Text from outside on its way to a terminal or into a log. File names, cells, peers and arguments may hold what a
 * terminal obeys (ESC, C1) or what shows a line in another order than it has (bidi): each is written as its escape
 * instead. The escapes are those of JSON, so a JSON text stays valid and means the same. Pure.
 */

/**
 * Characters that nobody sees: C0, C1, halves of characters, bidi controls, line and paragraph separators, and everything
 * that Unicode lets a renderer ignore. Joiners and variation selectors are not among them: names and emoji need them.
 */
const INVISIBLE =
  String.raw`(?![\u200c\u200d]|\p{Variation_Selector})` +
  String.raw`[\p{Cc}\p{Cs}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\u2028\u2029\ufff9-\ufffb]`;
const KEEPS_LINES = new RegExp(String.raw`(?![\t\n])${INVISIBLE}`, 'gu');
const IN_LINE = new RegExp(INVISIBLE, 'gu');

/** Line breaks and tabs are kept: for texts of several lines that we have put together. */
export function printable(text: string): string {
  return text.replace(KEEPS_LINES, escaped);
}

/** Everything stays on its line: for a piece from outside inside a text of ours. */
export function inLine(text: string): string {
  return text.replace(IN_LINE, escaped);
}

/** As much of a text from outside as a message shows, in quotes. */
export function quoted(text: string, lengthMax = 255): string {
  return `"${inLine(cut(text, lengthMax))}"`;
}

/** The beginning of a text, in UTF-16 units; never half of a character. */
export function cut(text: string, lengthMax: number): string {
  const wellFormed = text.slice(0, lengthMax + 1).toWellFormed();
  const beginning = wellFormed.slice(0, lengthMax);
  return beginning.isWellFormed() ? beginning : beginning.slice(0, -1);
}

function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
