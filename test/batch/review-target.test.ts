import { expect, it } from 'vitest';
import { findSubmit } from '../../src/batch/review-target.ts';

const NOW = Date.UTC(2026, 10, 26, 12);
const claim = { custSpaceId: 'C1', date: '2026-11-26' };
const place = { batchId: 'b', row: 2 };
const fact = { place, at: NOW, fingerprint: 'print', seq: 7, generation: 1, count: 2 };
const settled = { submitted: { ...fact, authorizeRequestId: 'AUTH-2' } };

it('a submit that a person settled is known by the RequestId that result files show for it, and by no other', () => {
  expect(findSubmit({ ...claim, requestId: 'AUTH-2' }, settled, NOW)).toMatchObject({ seq: 7 });
  expect(findSubmit({ ...claim, requestId: 'REQ-1' }, settled, NOW)).toBe(
    'the submit that counts has another RequestId than REQ-1: row 2 of batch b',
  );
  // Settled by an earlier version, which did not write it down.
  expect(findSubmit({ ...claim, requestId: 'AUTH-2' }, { submitted: fact }, NOW)).toMatchObject({ seq: 7 });
});
