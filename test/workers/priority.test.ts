/** A priority that changes counts for both steps, although the first one's jobs were made before. */
import { expect, it } from 'vitest';
import { prioritize } from '../../src/batch/prioritize.ts';
import { createOnboarding } from '../../src/index.ts';
import { createLogger } from '../../src/logger.ts';
import { makeCustomers } from '../support/customers.ts';
import { orderOf } from '../support/installation.ts';
import { createQuickWorld } from '../support/upkeep.ts';
import { waitUntilFinished } from '../support/waiting.ts';
import { runWorkers } from '../support/workers.ts';

it('a batch keeps its new priority from step to step', async () => {
  const world = await createQuickWorld();
  const { environment, settings, open } = world;
  const onboarding = createOnboarding(settings, { environment, logger: createLogger('silent') });
  const { batchId } = await onboarding.import(await orderOf(world, makeCustomers(2)));
  await onboarding.close();
  expect(await prioritize(open, batchId, { by: 'test', priority: 7 })).toEqual({ rows: 2 });
  await open.queues.submit.pause();
  await runWorkers(world);
  const waiting = async () => (await open.queues.submit.getPrioritized()).map(({ priority }) => priority);
  await expect.poll(waiting).toEqual([7, 7]);
  await open.queues.submit.resume();
  expect((await waitUntilFinished(world, batchId)).counts.submitted).toBe(2);
});
