/** A person records a review while the connection to Redis breaks, and another person decides otherwise just then. */
import { expect, it } from 'vitest';
import { submitRow } from '../support/ledger.ts';
import { BY, importNew, OTHER, openCut, openStage } from '../support/operator.ts';

it('whoever asks again because the answer was lost does not overrule who has decided otherwise since', async () => {
  const stage = await openStage();
  const batchId = await importNew(stage);
  await submitRow(stage.world.open.ledger, batchId, 1);
  const day = new Date().toISOString().slice(0, 10);
  const review = (as: 'approved' | 'rejected', evidence: string) => ({
    batchId,
    row: 1,
    as,
    date: day,
    evidence,
  });
  const reject = (evidence: string) =>
    stage.onboarding.recordReview({ ...OTHER, ...review('rejected', evidence) });
  // Redis knows its scripts from now on.
  await reject('mail');
  const { onboarding } = await openCut(stage, { after: 1, meanwhile: () => reject('call') });
  const recorded = await onboarding.recordReview({ ...BY, ...review('approved', 'ticket') });
  expect(recorded).toMatchObject({ isNew: true, before: { as: 'rejected', evidence: 'mail' } });
  const log = await stage.onboarding.log(batchId);
  expect(log.filter(({ action }) => action === 'review').map(({ by }) => by)).toEqual([
    OTHER.by,
    BY.by,
    OTHER.by,
  ]);
  expect((await stage.onboarding.status(batchId)).batch.reviews).toMatchObject({ approved: 0, rejected: 1 });
});
