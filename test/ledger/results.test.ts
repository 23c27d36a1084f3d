/** What the scripts of the ledger return, decoded. */
import { expect, it } from 'vitest';
import { enrollScript } from '../../src/ledger/enroll.ts';
import { listActiveRowsScript } from '../../src/ledger/list-active-rows.ts';
import { readForRunScript } from '../../src/ledger/read-for-run.ts';
import { sealScript } from '../../src/ledger/seal.ts';
import { transitionScript } from '../../src/ledger/transition.ts';

it('a transition tells whether the row moved, and its record', () => {
  const record = JSON.stringify({ outcome: 'uploading', at: 5, attempts: 1 });
  expect(transitionScript.decode(['isMoved', 1, 'record', record])).toMatchObject({
    isMoved: true,
    record: { outcome: 'uploading', at: 5, attempts: 1, tries: 0 },
  });
  expect(transitionScript.decode(['isMoved', 0, 'record', record]).isMoved).toBe(false);
});

it('an enrolment names the rows that need a job, as numbers', () => {
  expect(enrollScript.decode(['needed', ['1', '20']])).toEqual({ needed: [1, 20] });
  expect(enrollScript.decode(['needed', []])).toEqual({ needed: [] });
});

it('sealing tells the state of the batch, or that there is none', () => {
  expect(sealScript.decode(['state', 'finished'])).toEqual({ state: 'finished' });
  expect(sealScript.decode(['state', null])).toEqual({ state: null });
});

it('what a run begins with is named, and may be missing', () => {
  expect(readForRunScript.decode(['record', '{}', 'input', '{}', 'state', 'paused'])).toEqual({
    record: '{}',
    input: '{}',
    state: 'paused',
  });
  expect(readForRunScript.decode(['record', null, 'input', null, 'state', null])).toEqual({
    record: null,
    input: null,
    state: null,
  });
});

it('active rows are decoded with their outcome and redrive', () => {
  expect(listActiveRowsScript.decode(['rows', [[3, 'uploaded', 0]], 'unreadable', [4]])).toEqual({
    rows: [{ row: 3, outcome: 'uploaded', redrive: 0 }],
    unreadable: [4],
  });
});
