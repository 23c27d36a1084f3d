/** Places that cannot be written: named with the reason, before any work is done for them. */
import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeCustomer, writeInput } from '../support/customers.ts';
import { importRows, runProgram } from '../support/programs.ts';
import { createWorld, type World } from '../support/world.ts';

const importInto = async (world: World, ...more: string[]) =>
  runProgram(world, [
    'import',
    await writeInput(world, [makeCustomer(1, { CountryId: 'XX' }), makeCustomer(2)]),
    '--agreements',
    world.agreements,
    ...more,
  ]);

it.each([
  ['into a folder that is not there', ['--failed', '-o', 'none/failed.csv'], 'its folder does not exist'],
  ['under a name that is a folder', ['--failed', '-o', 'agreements'], 'it is a folder'],
  ['into a folder that is a file', ['-o', 'file'], 'a file with that name exists'],
  ['below a file', ['-o', 'file/results'], 'part of its path is not a folder'],
])('refuses results %s with the reason', async (_name, [...parameters], reason) => {
  const world = await createWorld();
  await writeFile(join(world.folder, 'file'), '');
  const batchId = await importRows(world, [makeCustomer(1)]);
  parameters.push(join(world.folder, parameters.pop() ?? ''));
  const { code, stderr } = await runProgram(world, ['results', batchId, ...parameters]);
  expect([code, stderr]).toEqual([2, expect.stringContaining(`cannot be written: ${reason}`)]);
});

it('enqueues nothing from an import whose results have no place', async () => {
  const world = await createWorld();
  const { code, stderr } = await importInto(world, '--results', '/dev/null/out');
  expect([code, stderr]).toEqual([2, expect.stringContaining('/dev/null/out cannot be written')]);
  expect(await world.open.ledger.listBatches(1)).toEqual([]);
});

it('enqueues nothing from an import whose rejects have no place, or whose input they would replace', async () => {
  const world = await createWorld();
  const { code, stderr } = await importInto(world, '--skip-invalid', '/dev/null/rejects.csv');
  expect([code, stderr]).toEqual([2, expect.stringContaining('/dev/null/rejects.csv cannot be written')]);
  const input = join(world.folder, 'customers.csv');
  const link = join(world.folder, 'link.csv');
  await symlink(input, link);
  const before = await readFile(input, 'utf8');
  const over = await importInto(world, '--skip-invalid', link, '--force');
  expect([over.code, over.stderr]).toEqual([
    2,
    expect.stringContaining('link.csv is not written: it is an input'),
  ]);
  expect(await readFile(input, 'utf8')).toBe(before);
  expect(await world.open.ledger.listBatches(1)).toEqual([]);
});
