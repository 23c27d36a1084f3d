/** What a person writes about a review, in an option or in a cell: its words, the day, the evidence. Pure. */
import { characterProblem, toHalfWidth } from '../customer/characters.ts';
import type { DECISIONS } from '../ledger/review.ts';

/** What a person found out. */
export interface ReviewTexts {
  /** `approved` or `rejected`. */
  as: (typeof DECISIONS)[number];
  /** The day of the decision: `2026-01-31`. */
  date: string;
  /** Who said so, or where it is written. */
  evidence: string;
}

const EVIDENCE_LENGTH_MAX = 500;
const DAY_MS = 86_400_000;

const WORDS: Record<string, ReviewTexts['as'] | 'awaited'> = {
  ...Object.fromEntries(['approved', 'approve', '通过', '已通过', '审核通过', '批准'].map(as('approved'))),
  ...Object.fromEntries(
    ['rejected', 'reject', '驳回', '已驳回', '拒绝', '已拒绝', '未通过', '审核未通过', '不通过'].map(
      as('rejected'),
    ),
  ),
  ...Object.fromEntries(['', 'awaited', '待审核', '审核中', 'replaced'].map(as('awaited'))),
};

function as(meaning: ReviewTexts['as'] | 'awaited') {
  return (word: string) => [word, meaning] as const;
}

const plain = (text: string) => toHalfWidth(text).trim();

/** @returns `awaited` where nobody has decided yet; undefined if the word is none of these */
export function parseReviewWord(text: string): ReviewTexts['as'] | 'awaited' | undefined {
  const word = plain(text).toLowerCase();
  return Object.hasOwn(WORDS, word) ? WORDS[word] : undefined;
}

/** The year comes first: other orders mean different days in different countries. A time of day is left out. */
const DAY = /^(\d{4})([-/.]|年)(\d{1,2})(?:\2|月)(\d{1,2})日?(?:[T ].*)?$/;

/** @returns the day as `2026-01-31`; undefined if it is none */
export function parseDay(text: string): string | undefined {
  const [, year, , month = '', day = ''] = DAY.exec(plain(text)) ?? [];
  if (year === undefined) return undefined;
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const time = Date.parse(`${iso}T00:00:00Z`);
  return Number.isNaN(time) || dayOf(time) !== iso ? undefined : iso;
}

/** The day of a time in UTC. */
export const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10);

/** Why nothing can have been decided on a day; undefined if it can. A day begins up to 14 hours apart on this earth. */
export function dayProblem(date: string, now: number, submittedAt?: number): string | undefined {
  if (date > dayOf(now + DAY_MS)) return `${date} is in the future`;
  if (submittedAt === undefined || date >= dayOf(submittedAt - DAY_MS)) return undefined;
  return `${date} is before the submit that counts (${dayOf(submittedAt)})`;
}

/** Evidence in one line. */
export const cleanEvidence = (text: string) => text.replace(/\s+/g, ' ').trim();

/** What is wrong with evidence that was cleaned; undefined if nothing is. */
export function evidenceProblem(evidence: string): string | undefined {
  if (evidence === '') return 'is empty';
  const length = [...evidence].length;
  if (length > EVIDENCE_LENGTH_MAX) return `has ${length} characters; the limit is ${EVIDENCE_LENGTH_MAX}`;
  return characterProblem(evidence)?.message;
}
