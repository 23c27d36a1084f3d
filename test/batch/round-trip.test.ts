/** What is written can be imported again: the customers are the same ones. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Papa from 'papaparse';
import { expect, inject, it } from 'vitest';
import { openInstallation } from '../support/installation.ts';
import { makePdf } from '../support/pdf.ts';
import { runWorkers } from '../support/workers.ts';
import { createWorld } from '../support/world.ts';

const INPUT = new URL('../fixtures/outputs/61-rt-good.csv', import.meta.url);
const COLUMNS = 9;

it.skipIf(!inject('isRealRedis'))(
  'finds every customer unchanged in its own result files of each format',
  async () => {
    const world = await createWorld({ rate: 100, ourRate: 100 });
    await runWorkers(world);
    const onboarding = openInstallation(world, world.settings);
    await mkdir(world.agreements, { recursive: true });
    await writeFile(join(world.agreements, 'a.pdf'), makePdf(['Agreement']));
    const input = join(world.folder, 'rt.csv');
    await writeFile(input, await readFile(INPUT));

    async function importAndWrite(path: string, format: 'csv' | 'ndjson') {
      const order = { from: { path }, agreements: world.agreements, by: 'test' };
      const { batchId } = await onboarding.import(order);
      for await (const { isOver } of onboarding.follow(batchId)) if (isOver) break;
      const { counts } = (await onboarding.status(batchId)).batch;
      const directory = join(world.folder, batchId);
      const files = await onboarding.writeResultFiles(batchId, { directory, format });
      return { counts, succeeded: files.find(({ kind }) => kind === 'succeeded')?.path ?? '' };
    }

    const sent = await importAndWrite(input, 'csv');
    expect(sent.counts.submitted).toBe(9);
    const names = world.simulator.state.record.accepted.map(({ fields }) => fields.CustName).sort();
    expect(names).toEqual(
      [
        '＋Plus株式会社',
        '＝Equal Co',
        '－Minus Co',
        '＠Home Co',
        '=HYPERLINK Co',
        '=Quoted Co',
        '+Quoted Co',
        'dash id Co',
        '@Acme',
      ].sort(),
    );
    const again = await importAndWrite(sent.succeeded, 'ndjson');
    expect(again.counts.unchanged).toBe(9);
    const third = await importAndWrite(again.succeeded, 'csv');
    expect(third.counts.unchanged).toBe(9);
    // By a reader that is not ours; the last line is empty.
    const cells = async (path: string) =>
      Papa.parse<string[]>(await readFile(path, 'utf8'))
        .data.slice(1, -1)
        .map((row) => row.slice(0, COLUMNS));
    expect(await cells(sent.succeeded)).toHaveLength(9);
    expect(await cells(third.succeeded)).toEqual(await cells(sent.succeeded));
  },
);
