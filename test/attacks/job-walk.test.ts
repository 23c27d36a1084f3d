import { expect, it } from 'vitest';
import { Complaints } from '../../workers/complaints.ts';
import { JobWalk } from '../../workers/job-walk.ts';
import { makeCustomers } from '../support/customers.ts';
import { importRows } from '../support/programs.ts';
import { createSlowWorld, deleteQueues } from '../support/upkeep.ts';

it('a walk through many rows takes several runs, each continuing where the last one ended', async () => {
  const world = await createSlowWorld();
  await importRows(world, makeCustomers(1_200, { IsvTerms: 'agreement-1.pdf' }));
  await importRows(world, makeCustomers(1_203, { IsvTerms: 'agreement-1.pdf' }).slice(1_200));
  await deleteQueues(world);
  const walk = new JobWalk(world.open, new Complaints(world.open.logger, 'upkeep_failed'));
  const next = () => walk.run({ rows: 500, ending: new AbortController().signal });
  expect([await next(), await next(), await next(), await next()]).toEqual([
    { given: 500, isOver: false },
    { given: 500, isOver: false },
    { given: 203, isOver: true },
    { given: 0, isOver: false },
  ]);
  expect(await world.open.queues.upload.getPrioritizedCount()).toBe(1_203);
  const ended = await walk.run({ rows: 10_000, ending: AbortSignal.abort() });
  expect(ended).toEqual({ given: 0, isOver: false });
});
