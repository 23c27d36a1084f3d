/** What the scripts of the ledger return, decoded. */
import { expect, it } from 'vitest';
import { changeFactsScript } from '../../src/ledger/change-facts.ts';
import { enrollScript } from '../../src/ledger/enroll.ts';
import { markRowScript } from '../../src/ledger/mark-row.ts';
import { readForRunScript } from '../../src/ledger/read-for-run.ts';
import { redriveRowsScript } from '../../src/ledger/redrive-rows.ts';
import { transitionScript } from '../../src/ledger/transition.ts';

const RECORD = { outcome: 'uploading', at: 5, attempts: 1, custSpaceId: 'C1', fingerprint: '1.x', order: 3 };
const record = JSON.stringify(RECORD);

it('a transition tells whether the row moved, its record, and the rows that may go on', () => {
  expect(transitionScript.decode(['isMoved', 1, 'record', record, 'promoted', ['abc 7']])).toMatchObject({
    isMoved: true,
    record: { ...RECORD, tries: 0 },
    promoted: [{ batchId: 'abc', row: 7 }],
  });
  expect(transitionScript.decode(['isMoved', 0, 'record', record, 'promoted', []]).isMoved).toBe(false);
});

it('a mark tells what was in its way', () => {
  expect(markRowScript.decode(['verdict', 'gone', 'record', null, 'promoted', []])).toEqual({
    verdict: 'gone',
    record: null,
    promoted: [],
  });
});

it('an enrolment names the rows that need a job, as numbers', () => {
  expect(enrollScript.decode(['verdict', 'enrolled', 'needed', ['1', '20']]).needed).toEqual([1, 20]);
});

it('a change of facts tells the state of the batch, or that there is none', () => {
  const decode = (state: string | null) =>
    changeFactsScript.decode(['verdict', 'done', 'state', state, 'number', 0]);
  expect(decode('finished').state).toBe('finished');
  expect(decode(null).state).toBeNull();
});

it('what a run begins with is named, and may be missing', () => {
  const facts = ['isCancelled', 1, 'isPaused', 0, 'priority', 5, 'now', 9];
  expect(readForRunScript.decode(['record', null, 'input', '{}', ...facts])).toEqual({
    record: null,
    input: '{}',
    isCancelled: true,
    isPaused: false,
    priority: 5,
    now: 9,
  });
});

it('a redrive tells which rows stay, and why', () => {
  const left = [['4', 'SUPERSEDED', 'abc 7']];
  const reply = ['verdict', 'done', 'pending', ['1'], 'waiting', [], 'unchanged', [], 'left', left];
  expect(redriveRowsScript.decode(reply)).toMatchObject({
    pending: [1],
    left: [{ row: 4, why: 'SUPERSEDED', place: { batchId: 'abc', row: 7 } }],
  });
});
