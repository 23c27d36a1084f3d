import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { ONBOARD } from '../../scripts/ensure-built.ts';
import { ChildProgram } from '../../src/sandbox/child-program.ts';
import { ownDatabase } from '../support/api.ts';
import { makeCustomers } from '../support/customers.ts';
import { importRows, startProgram } from '../support/programs.ts';
import { createWorld } from '../support/world.ts';

/** The block of the README that begins with the address of the API. */
async function readTour(): Promise<string> {
  const readme = await readFile('README.md', 'utf8');
  const [, tour] = /```bash\n(API=.*?)```/s.exec(readme) ?? [];
  if (tour === undefined) throw new Error('The README has no tour of the API.');
  return tour;
}

it('has a tour of the API in the README that works as printed', async () => {
  const world = await createWorld({ redisUrl: ownDatabase(7), environment: { HTTP_PORT: '0' } });
  const id = await importRows(world, makeCustomers(3));
  const server = startProgram(world, ['serve']);
  await expect.poll(() => server.output.stdout, { timeout: 20_000 }).toMatch(/^http:/);
  const { origin } = new URL(server.output.stdout.trim());
  const tour = (await readTour()).replace('http://127.0.0.1:3000', origin);
  const script = `set -euo pipefail; cd "$1"; onboard() { "${process.execPath}" "${ONBOARD}" "$@"; }\n${tour}`;
  const shell = new ChildProgram(['-c', script, 'tour', world.folder], {
    env: world.environment,
    file: 'bash',
  });
  const { code } = await shell.ended;
  expect([code, shell.output.stderr]).toEqual([0, expect.any(String)]);
  const { stdout } = shell.output;
  expect(stdout).toContain(id);
  expect(stdout).toContain('"state": "paused"');
  expect(stdout).toContain('event: batch');
  expect(await readFile(`${world.folder}/${id}-unprocessed.csv`, 'utf8')).toContain('C100003');
});
