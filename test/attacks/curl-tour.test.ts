import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ONBOARD } from '../../scripts/ensure-built.ts';
import { ChildProgram } from '../../src/sandbox/child-program.ts';
import { ownDatabase } from '../support/api.ts';
import { makeCustomer, makeCustomers } from '../support/customers.ts';
import { importRows, startProgram } from '../support/programs.ts';
import { agreementOf, csvOf } from '../support/uploads.ts';
import { createWorld, type World } from '../support/world.ts';

/** The block of a document that begins with `opening`. */
async function readBlock(path: string, opening: string): Promise<string> {
  const block = (await readFile(path, 'utf8')).split('```bash\n').find((text) => text.startsWith(opening));
  if (block === undefined) throw new Error(`${path} has no block that begins with ${opening}`);
  return block.split('```')[0] ?? '';
}

const readTour = () => readBlock('docs/api.md', 'API=');

/** Runs a block in the folder of a world. @returns what it printed, and its exit code */
async function runBlock({ folder, environment }: World, block: string) {
  const onboard = `onboard() { "${process.execPath}" "${ONBOARD}" "$@"; }`;
  const script = `set -euo pipefail; cd "$1"; ${onboard}\n${block}`;
  const shell = new ChildProgram(['-c', script, 'tour', folder], { env: environment, file: 'bash' });
  const { code } = await shell.ended;
  return { code, ...shell.output };
}

async function startServing(world: World): Promise<string> {
  const server = startProgram(world, ['serve']);
  await server.says('\n', 'stdout');
  return new URL(server.output.stdout.trim()).origin;
}

it('has a tour of the API that works as printed', async () => {
  const world = await createWorld({ redisUrl: ownDatabase(7), environment: { HTTP_PORT: '0' } });
  const id = await importRows(world, makeCustomers(3));
  const tour = (await readTour()).replace('http://127.0.0.1:3000', await startServing(world));
  const { code, stdout, stderr } = await runBlock(world, tour);
  expect([code, stderr]).toEqual([0, expect.any(String)]);
  expect(stdout).toContain(id);
  expect(stdout).toContain('"state": "paused"');
  expect(stdout).toContain('event: batch');
  expect(await readFile(`${world.folder}/${id}-unprocessed.csv`, 'utf8')).toContain('C100003');
});

it('registers as docs/api.md has it, and once', async () => {
  const world = await createWorld({ redisUrl: ownDatabase(8), environment: { HTTP_PORT: '0' } });
  const origin = await startServing(world);
  const row = makeCustomer(2);
  for (const [name, content] of [
    ['agreement.pdf', agreementOf(row)],
    ['agreement-2.pdf', agreementOf(row)],
    ['customers.csv', csvOf([row])],
  ] as const)
    await writeFile(join(world.folder, name), content);
  const begin = `API=${origin}/v1\nAUTH="Authorization: Bearer $(onboard key add tour --role operator)"\n`;
  const block = await readBlock('docs/api.md', 'cat > customer.json');
  // Whoever got no answer sends the same again.
  const again = block
    .split('\n')
    .filter((line) => !line.includes('dryRun=true'))
    .join('\n');
  const { code, stderr, stdout } = await runBlock(world, `${begin}${block}${again}onboard key revoke tour\n`);
  expect([code, stderr]).toEqual([0, expect.any(String)]);
  expect(stdout.match(/"row":1\b/g)).toHaveLength(2);
  const batches = await world.open.ledger.listBatches(10);
  expect(batches.map(({ name, total }) => [name, total])).toEqual([
    ['January sign-ups', 1],
    [expect.stringContaining('portal'), 1],
  ]);
});
