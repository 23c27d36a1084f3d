/** What people write about reviews, in options, cells and headers. */
import { describe, expect, it } from 'vitest';
import { findReviewHeader } from '../../src/batch/review-columns.ts';
import {
  cleanEvidence,
  dayProblem,
  evidenceProblem,
  parseDay,
  parseReviewWord,
} from '../../src/batch/review-texts.ts';

it.each([
  ['approved', 'approved'],
  [' Rejected ', 'rejected'],
  ['通过', 'approved'],
  ['未通过', 'rejected'],
  ['', 'awaited'],
  ['awaited', 'awaited'],
  ['perhaps', undefined],
  ['constructor', undefined],
])('%j means %s', (text, meaning) => {
  expect(parseReviewWord(text)).toBe(meaning);
});

it.each([
  ['2026-01-31', '2026-01-31'],
  ['2026/1/3', '2026-01-03'],
  ['2026.01.03', '2026-01-03'],
  ['2026年1月3日', '2026-01-03'],
  ['２０２６-０１-０３', '2026-01-03'],
  ['2026-01-03T10:00:00', '2026-01-03'],
  ['2026-02-30', undefined],
  ['31/01/2026', undefined],
  ['2026-01/03', undefined],
  ['yesterday', undefined],
])('%s is the day %s', (text, day) => {
  expect(parseDay(text)).toBe(day);
});

it('a decision is neither in the future nor before what it is about', () => {
  const now = Date.parse('2026-02-10T12:00:00Z');
  const submitted = Date.parse('2026-02-01T12:00:00Z');
  expect(dayProblem('2026-02-11', now, submitted)).toBeUndefined();
  expect(dayProblem('2026-02-12', now, submitted)).toContain('future');
  expect(dayProblem('2026-01-31', now, submitted)).toBeUndefined();
  expect(dayProblem('2026-01-30', now, submitted)).toContain('before the submit');
  expect(dayProblem('2026-01-30', now)).toBeUndefined();
});

it('evidence is one line that can be read', () => {
  expect(cleanEvidence(' mail\nof 3 May ')).toBe('mail of 3 May');
  expect(evidenceProblem('')).toBe('is empty');
  expect(evidenceProblem('x'.repeat(501))).toContain('501');
  expect(evidenceProblem('a\u202eb')).toContain('U+202E');
});

describe('the header of a file of reviews', () => {
  const row = (...values: string[]) => ({ line: 1, values });

  it('is found below a title, in other spellings, and in a result file', () => {
    const found = findReviewHeader([row('Reviews of May'), row('客户编号', '审核结果', '审核日期', '依据')]);
    expect(found).toMatchObject({
      index: 1,
      header: { indexOf: { custSpaceId: 0, as: 1, date: 2, evidence: 3 } },
    });
    const ours = ['onboard_row', 'onboard_request_id', 'onboard_review', 'onboard_review_date'];
    const result = findReviewHeader([row('CustSpaceId', 'CustName', ...ours, 'onboard_review_evidence')]);
    expect(result.header.indexOf).toMatchObject({
      custSpaceId: 0,
      row: 2,
      requestId: 3,
      as: 4,
      date: 5,
      evidence: 6,
    });
  });

  it.each([
    [['CustSpaceId', 'as', 'date'], 'evidence is missing'],
    [['batch', 'as', 'date', 'evidence'], 'CustSpaceId is missing'],
    [['CustSpaceId', 'as', 'review', 'date', 'evidence'], 'may both be as'],
  ])('%j: %s', (names, problem) => {
    expect(() => findReviewHeader([row(...names)])).toThrow(problem);
  });
});
