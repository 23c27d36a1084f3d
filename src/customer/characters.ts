/**
 * Characters that no field may hold, because later layers cannot keep them or because nobody can see them: controls,
 * halves of characters, what turns the direction of a line, and what is shown as nothing. Pure.
 */
import type { ErrorCode } from '../error-codes.ts';

const TAG = String.raw`[\u{e0020}-\u{e007f}]`;
/** Legitimate in some scripts and in emoji, and nowhere else: U+180E, U+200C, U+200D. */
const JOINER = String.raw`[\u180e\u200c\u200d]`;
/** After these a joiner is legitimate: letters of scripts whose letters join, their marks, emoji. */
const JOINED =
  String.raw`(?!\p{sc=Latin}|\p{sc=Greek}|\p{sc=Cyrillic}|\p{sc=Han}|\p{sc=Hiragana}|\p{sc=Katakana}|\p{sc=Hangul})` +
  String.raw`[\p{L}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}]`;
/** Tags spell the flags of England, Scotland and Wales, and hide text everywhere else. */
const FLAG = String.raw`\u{1f3f4}[\u{e0020}-\u{e007e}]*`;

const FORBIDDEN = new RegExp(
  [
    String.raw`(?!${JOINER}|${TAG}|\p{Variation_Selector})[\p{Cc}\p{Cs}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\ufff9-\ufffd]`,
    `${JOINER}(?<!${JOINED}${JOINER})`,
    `${TAG}(?<!${FLAG}${TAG})`,
    // One that changes nothing visible: it has no character before it.
    String.raw`\p{Variation_Selector}(?<=(?:^|[\s\p{Variation_Selector}])\p{Variation_Selector})`,
  ].join('|'),
  'u',
);

/** Texts of these alone are found to be good without a closer look, which most texts are. */
const PLAIN =
  /^[\x20-\x7e\xa1-\xac\xae-\u02af\u3001-\u303f\u3041-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff5e]*$/;

const REPLACEMENT = 0xfffd;
const NAMES: Readonly<Record<number, string>> = {
  0: 'NULL',
  7: 'BELL',
  8: 'BACKSPACE',
  11: 'LINE TABULATION',
  12: 'FORM FEED',
  26: 'SUBSTITUTE',
  27: 'ESCAPE',
  127: 'DELETE',
  133: 'NEXT LINE',
  173: 'SOFT HYPHEN',
  847: 'COMBINING GRAPHEME JOINER',
  1564: 'ARABIC LETTER MARK',
  4447: 'HANGUL CHOSEONG FILLER',
  4448: 'HANGUL JUNGSEONG FILLER',
  6158: 'MONGOLIAN VOWEL SEPARATOR',
  8203: 'ZERO WIDTH SPACE',
  8204: 'ZERO WIDTH NON-JOINER',
  8205: 'ZERO WIDTH JOINER',
  8206: 'LEFT-TO-RIGHT MARK',
  8207: 'RIGHT-TO-LEFT MARK',
  8234: 'LEFT-TO-RIGHT EMBEDDING',
  8235: 'RIGHT-TO-LEFT EMBEDDING',
  8236: 'POP DIRECTIONAL FORMATTING',
  8237: 'LEFT-TO-RIGHT OVERRIDE',
  8238: 'RIGHT-TO-LEFT OVERRIDE',
  8288: 'WORD JOINER',
  8289: 'FUNCTION APPLICATION',
  8290: 'INVISIBLE TIMES',
  8291: 'INVISIBLE SEPARATOR',
  8292: 'INVISIBLE PLUS',
  8294: 'LEFT-TO-RIGHT ISOLATE',
  8295: 'RIGHT-TO-LEFT ISOLATE',
  8296: 'FIRST STRONG ISOLATE',
  8297: 'POP DIRECTIONAL ISOLATE',
  12644: 'HANGUL FILLER',
  65279: 'BYTE ORDER MARK',
  65440: 'HALFWIDTH HANGUL FILLER',
  65532: 'OBJECT REPLACEMENT CHARACTER',
  [REPLACEMENT]: 'REPLACEMENT CHARACTER',
};
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/\p{Cs}/u, '(half of a character)'],
  [/\p{Cc}/u, '(a control character)'],
  [/\p{Noncharacter_Code_Point}/u, '(not a character)'],
  [/\p{Variation_Selector}/u, '(a variation selector)'],
];

/** What is wrong with the first forbidden character of a text; undefined if it has none. */
export function characterProblem(text: string): { code: ErrorCode; message: string } | undefined {
  if (PLAIN.test(text)) return undefined;
  const match = FORBIDDEN.exec(text);
  if (match === null) return undefined;
  const [character] = match;
  const position = [...text.slice(0, match.index)].length + 1;
  const isLost = character.codePointAt(0) === REPLACEMENT;
  return {
    code: isLost ? 'CHARACTER_LOST' : 'CONTROL_CHARACTER',
    message: `contains ${nameOf(character)} at position ${position}`,
  };
}

/** `U+202E RIGHT-TO-LEFT OVERRIDE` */
function nameOf(character: string): string {
  const codePoint = character.codePointAt(0) ?? 0;
  const name =
    NAMES[codePoint] ?? KINDS.find(([kind]) => kind.test(character))?.[1] ?? '(an invisible character)';
  return `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')} ${name}`;
}

/** Full-width letters, digits and signs, as Chinese and Japanese keyboards write them, as ASCII. */
export function toHalfWidth(text: string): string {
  return text
    .replace(/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(/\u3000/g, ' ');
}
