/** Workers in processes of their own that get real signals in the middle of their work. */
import { describe, expect, it } from 'vitest';
import { agreementFileName } from '../../src/agreement/file-name.ts';
import { jobIdOf, storedJobOf } from '../../src/queue/job.ts';
import { makeCustomer } from '../support/customers.ts';
import { importRows, startWorkerProgram } from '../support/programs.ts';
import { rowsOf } from '../support/rows.ts';
import { waitForBatch, waitForPeer, waitUntilFinished } from '../support/waiting.ts';
import { createWorld } from '../support/world.ts';

describe('SIGKILL', () => {
  it('sends nothing twice between upload and submit', async () => {
    const world = await createWorld();
    await world.open.queues.submit.pause();
    const doomed = await startWorkerProgram(world);
    const batchId = await importRows(
      world,
      [1, 2, 3].map((number) => makeCustomer(number)),
    );
    await waitForBatch(world, batchId, ({ counts }) => counts.uploaded === 3);
    await doomed.kill();

    await world.open.queues.submit.resume();
    await startWorkerProgram(world);
    expect((await waitUntilFinished(world, batchId)).counts.submitted).toBe(3);
    expect(world.simulator.state.record.summary()).toMatchObject({ acceptedCustomers: 3, acceptedTwice: 0 });
    for (const { record } of await rowsOf(world, batchId)) expect(record.ambiguous).toBe(0);
  });
});

describe('what a SIGKILL has left', () => {
  it('is handed over by the next run if the upload was recorded but not handed over', async () => {
    const world = await createWorld();
    const batchId = await importRows(world, [makeCustomer(1)]);
    const [row] = await rowsOf(world, batchId);
    const data = { batchId, row: 1, custSpaceId: 'C100001', redrive: 0 };
    const isvTerms = agreementFileName(row?.input.sha256 ?? '');
    world.simulator.state.objects.set(`CC100001/${isvTerms}`, { md5: '', bytes: 1, directory: '' });
    // The state that such a kill leaves: the row is uploaded, its upload job is not done, there is no submit job.
    await world.open.ledger.transition({ ...data, to: 'uploading' });
    await world.open.ledger.transition({ ...data, to: 'uploaded', patch: { isvTerms } });
    expect(await world.open.queues.submit.getJob(jobIdOf('submit', data))).toBeUndefined();

    await startWorkerProgram(world);
    expect((await waitUntilFinished(world, batchId)).counts.submitted).toBe(1);
    expect(world.simulator.state.record.count('authorize')).toBe(0);
  });

  it('makes no further call if the submit was recorded but its job was not done', async () => {
    const world = await createWorld();
    await startWorkerProgram(world);
    const batchId = await importRows(world, [makeCustomer(1)]);
    await waitUntilFinished(world, batchId);
    // Both jobs run once more, as BullMQ runs jobs of a killed worker.
    const data = { batchId, row: 1, custSpaceId: 'C100001', redrive: 9 };
    const again = await world.open.queues.upload.add('upload', storedJobOf(data), {
      jobId: jobIdOf('upload', data),
    });
    await expect.poll(() => again.getState()).toBe('completed');
    const submit = await world.open.queues.submit.getJob(jobIdOf('submit', data));
    await expect.poll(() => submit?.getState()).toBe('completed');
    expect(world.simulator.state.record.arrivals.map(({ operation }) => operation)).toEqual([
      'authorize',
      'put',
      'submit',
    ]);
  });
});

describe('SIGTERM', () => {
  it('lets calls in progress finish, hands the rest back and exits with 0', async () => {
    const world = await createWorld({ latencyMs: 700 });
    const worker = await startWorkerProgram(world);
    const batchId = await importRows(
      world,
      Array.from({ length: 8 }, (_, index) => makeCustomer(index + 1)),
    );
    await waitForPeer(world, (record) => record.arrivals.some(({ operation }) => operation === 'submit'));
    worker.signal('SIGTERM');
    expect(await worker.ended).toEqual({ code: 0, signal: null });
    const { counts } = await world.open.ledger.requireBatch(batchId);
    expect(counts.uploading + counts.submitting).toBe(0);
    expect(await world.open.queues.upload.getActiveCount()).toBe(0);

    await startWorkerProgram(world);
    expect((await waitUntilFinished(world, batchId)).counts.submitted).toBe(8);
    expect(world.simulator.state.record.summary().acceptedTwice).toBe(0);
  });

  it('ends the process at once at the second one', async () => {
    const world = await createWorld({ faults: [{ operation: 'authorize', kind: 'hangBefore' }] });
    const worker = await startWorkerProgram(world, { CHATAPP_TIMEOUT_MS: '60000' });
    await importRows(world, [makeCustomer(1)]);
    await waitForPeer(world, (record) => record.count('authorize') === 1);
    worker.signal('SIGTERM');
    await worker.says('workers_stopping');
    worker.signal('SIGTERM');
    expect((await worker.ended).code).not.toBe(0);
  });
});
