/** A worker whose peers answer without end stays small, and goes on when they come to their senses. */
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { makeCustomers } from '../support/customers.ts';
import { importRows, startWorkerProgram } from '../support/programs.ts';
import { waitForPeer } from '../support/waiting.ts';
import { createWorld } from '../support/world.ts';

const MIB = 1024;
const PEAK_MIB_MAX = 300;
/** Hostile answers after which the worker is measured; after a few, it waits for the end of an outage. */
const ANSWERS = 5;

it.each(['gzipBomb', 'endlessBody', 'slowBody'] as const)('%s', async (kind) => {
  const operations = ['authorize', 'put', 'submit'] as const;
  const world = await createWorld({
    rate: 1_000,
    ourRate: 50,
    faults: operations.map((operation) => ({ operation, kind, times: 2 })),
  });
  const worker = await startWorkerProgram(world);
  await importRows(world, makeCustomers(10));
  await waitForPeer(
    world,
    ({ arrivals }) => arrivals.filter(({ answer }) => answer === kind).length >= ANSWERS,
  );
  const status = await readFile(`/proc/${worker.pid}/status`, 'utf8');
  const peak = Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / MIB;
  process.stderr.write(`${kind}: peak of the worker ${peak.toFixed(0)} MiB\n`);
  expect(peak).toBeLessThan(PEAK_MIB_MAX);
  expect(worker.isRunning).toBe(true);
});
