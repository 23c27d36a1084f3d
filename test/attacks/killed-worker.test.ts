/** A worker that is killed while its calls are in the middle of their way. */
import { expect, it } from 'vitest';
import { makeCustomer } from '../support/customers.ts';
import { importRows, startWorkerProgram } from '../support/programs.ts';
import { rowsOf } from '../support/rows.ts';
import { waitForPeer, waitUntilFinished } from '../support/waiting.ts';
import { createWorld } from '../support/world.ts';

it('a SIGKILL loses nothing in the middle of upload and submit, and flags what may be there twice', async () => {
  const world = await createWorld({
    faults: [
      { operation: 'put', match: '^CC100001/', kind: 'hangAfter', times: 1 },
      { operation: 'submit', match: '^C100002$', kind: 'hangAfter', times: 1 },
      { operation: 'submit', match: '^C100003$', kind: 'hangBefore', times: 1 },
    ],
  });
  const doomed = await startWorkerProgram(world, { CHATAPP_TIMEOUT_MS: '60000', OSS_TIMEOUT_MS: '60000' });
  const batchId = await importRows(
    world,
    [1, 2, 3].map((number) => makeCustomer(number)),
  );
  await waitForPeer(world, (record) => record.count('submit') === 2 && record.count('put') === 3);
  await doomed.kill();

  await startWorkerProgram(world);
  const batch = await waitUntilFinished(world, batchId);
  expect(batch.counts.submitted).toBe(3);
  const ambiguous = (await rowsOf(world, batchId)).map(({ record }) => record.ambiguous);
  expect(ambiguous).toEqual([0, 1, 1]);
  const accepted = world.simulator.state.record.accepted.map(({ custSpaceId }) => custSpaceId).sort();
  expect(accepted).toEqual(['C100001', 'C100002', 'C100002', 'C100003']);
});
