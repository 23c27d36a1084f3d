/** A row of which Redis has lost what the source said: it ends, and nothing hides that. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';
import { batchKeys } from '../../src/redis/keys.ts';
import { makeCustomers } from '../support/customers.ts';
import { importRows, runProgram } from '../support/programs.ts';
import { waitUntilFinished } from '../support/waiting.ts';
import { runWorkers } from '../support/workers.ts';
import { createWorld } from '../support/world.ts';

it('fails with ROW_LOST and is in the result file, and the others are submitted', async () => {
  const world = await createWorld({ rate: 50, ourRate: 50 });
  const batchId = await importRows(world, makeCustomers(2));
  await world.redis.hdel(batchKeys(world.account.ledger, batchId).inputs, '1');
  await runWorkers(world);
  expect((await waitUntilFinished(world, batchId)).counts).toMatchObject({ failed: 1, submitted: 1 });
  const folder = join(world.folder, 'results');
  expect((await runProgram(world, ['results', batchId, '-o', folder])).code).toBe(0);
  const rows = parse(await readFile(join(folder, 'failed.csv')), { columns: true, bom: true });
  expect(rows).toMatchObject([{ CustSpaceId: 'C100001', onboard_row: '1', onboard_code: 'ROW_LOST' }]);
});
