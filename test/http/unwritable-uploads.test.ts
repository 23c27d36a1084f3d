/** A folder of uploads that cannot be written is told when a server starts, by `doctor`, and to whoever uploads. */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeCustomer, makeCustomers } from '../support/customers.ts';
import { makeApp, openInstallation } from '../support/pages.ts';
import { startProgram } from '../support/programs.ts';
import { batchParts, customerParts, post } from '../support/uploads.ts';
import { createWorld, type World } from '../support/world.ts';

async function createUnwritable(): Promise<World> {
  const world = await createWorld({ environment: { HTTP_PORT: '0', LOG_LEVEL: 'warn' } });
  // Root may write everywhere, but not into a file as if it were a folder.
  await mkdir(join(world.folder, 'drafts'), { recursive: true });
  await writeFile(join(world.folder, 'drafts', 'uploads'), '');
  return world;
}

it('is told to whoever uploads, without its place', async () => {
  const app = await makeApp(await createUnwritable());
  const uploads = [
    post(app, '/v1/drafts', batchParts(makeCustomers(1))),
    post(app, '/v1/batches', batchParts(makeCustomers(1))),
    post(app, '/v1/customers', customerParts(makeCustomer(1))),
  ];
  for (const { statusCode, json, body } of await Promise.all(uploads)) {
    expect([statusCode, json().code]).toEqual([500, 'UPLOADS_UNWRITABLE']);
    expect(body).not.toContain('/drafts');
  }
});

it('is noted by doctor, with what to do', async () => {
  const world = await createUnwritable();
  const findings = [];
  for await (const finding of openInstallation(world).doctor()) findings.push(finding);
  expect(findings).toContainEqual({
    what: 'uploads',
    isOk: true,
    isNote: true,
    text: `${join(world.folder, 'drafts', 'uploads')} cannot be written: part of its path is not a folder.`,
    hint: expect.stringContaining('ONBOARD_DRAFTS'),
  });
});

it('is looked for by doctor, which makes no folder: it may be run by another user than the server', async () => {
  const world = await createWorld();
  const before = await readdir(world.folder);
  const findings = [];
  for await (const finding of openInstallation(world).doctor()) findings.push(finding);
  const [drafts, store] = [join(world.folder, 'drafts'), join(world.folder, 'store')];
  expect(findings).toContainEqual({ what: 'uploads', isOk: true, text: `${drafts} (not made yet)` });
  expect(findings).toContainEqual({ what: 'agreement store', isOk: true, text: store });
  expect(await readdir(world.folder)).toEqual(before);
});

it('is told by a server that starts, which serves the rest', async () => {
  const program = startProgram(await createUnwritable(), ['serve']);
  await expect.poll(() => program.output.stdout).toMatch(/^http:/);
  expect(program.output.stderr).toContain('uploads_unwritable');
  program.signal('SIGTERM');
  expect(await program.ended).toEqual({ code: 0, signal: null });
});
