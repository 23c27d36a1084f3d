import { expect, it } from 'vitest';
import { createLogger } from '../../src/logger.ts';
import { listen } from '../support/api.ts';
import { createBatch, makeRow } from '../support/ledger.ts';
import { makeApp } from '../support/pages.ts';
import { createWorld } from '../support/world.ts';

const ROWS = 30_000;
const INPUT = { line: 2, sha256: 'aa', fields: ['C1', 'x'.repeat(1_000)] };

it('reads no further for somebody who has gone in the middle of a download', async () => {
  const world = await createWorld();
  const said: string[] = [];
  const logger = createLogger('warn', { write: (line) => said.push(line) });
  const address = await listen(await makeApp(world, {}, { logger }));
  const rows = Array.from({ length: ROWS }, (_, index) => makeRow(index + 1, { input: INPUT }));
  await createBatch(world.open.ledger, 'large', rows);
  const leaving = new AbortController();
  const url = `${address}/v1/batches/large/results?kind=unprocessed&format=ndjson`;
  const response = await fetch(url, { signal: leaving.signal });
  await response.body?.getReader().read();
  leaving.abort();
  await expect.poll(() => said.join('')).toContain('download_failed');
  const whole = await (await fetch(url)).text();
  expect(whole.trimEnd().split('\n')).toHaveLength(ROWS);
});
