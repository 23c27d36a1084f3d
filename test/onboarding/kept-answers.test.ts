import { expect, it } from 'vitest';
import { KeptAnswers } from '../../src/onboarding/kept-answers.ts';
import { connectTestRedis, uniqueName } from '../support/redis.ts';

const asked = (body = 'body') => ({ request: uniqueName(), body });

it('lets one of two twins answer, and gives the other what that was', async () => {
  const kept = new KeptAnswers(connectTestRedis());
  const twin = asked();
  const first = await kept.begin(twin);
  expect(await kept.begin(twin)).toEqual({ is: 'running', waitMs: expect.any(Number) });
  expect(await kept.begin({ ...twin, body: 'other' })).toEqual({ is: 'other' });
  if (first.is === 'begun') await first.begun.end('answer');
  expect(await kept.begin(twin)).toEqual({ is: 'answered', answer: 'answer' });
  expect(await kept.begin({ ...twin, body: 'other' })).toEqual({ is: 'other' });
});

it('forgets what is not worth keeping', async () => {
  const kept = new KeptAnswers(connectTestRedis());
  const twin = asked();
  const first = await kept.begin(twin);
  if (first.is === 'begun') await first.begun.end(undefined);
  expect(await kept.begin({ ...twin, body: 'other' })).toMatchObject({ is: 'begun' });
});

it('is begun again when whoever began it is gone, who then ends nothing', async () => {
  const kept = new KeptAnswers(connectTestRedis(), { holdMs: 30 });
  const twin = asked();
  const first = await kept.begin(twin);
  await expect.poll(() => kept.begin(twin)).toMatchObject({ is: 'begun' });
  if (first.is === 'begun') await first.begun.end('of the first');
  await expect.poll(() => kept.begin(twin)).toMatchObject({ is: 'begun' });
});
