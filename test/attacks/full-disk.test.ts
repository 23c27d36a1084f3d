/** A disk that is full, or read-only, in the middle of an upload. */
import { execFile } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished, type TestContext } from 'vitest';
import { makeCustomer, makeCustomers } from '../support/customers.ts';
import { startProgram } from '../support/programs.ts';
import { batchParts, customerParts, encodeParts, type Part } from '../support/uploads.ts';
import { createWorld, type World } from '../support/world.ts';
import { makeZip } from '../support/zip.ts';

const run = promisify(execFile);
const LARGE = Buffer.alloc(600 * 1024, '%PDF-1.7 ');

interface SmallDisk {
  /** Changes how it is mounted. */
  remount(options: string): Promise<void>;
}

/** Drafts on a disk of 256 KiB. */
async function mountSmall({ folder }: World, { skip }: TestContext): Promise<SmallDisk> {
  const path = join(folder, 'drafts');
  await mkdir(path);
  const mount = (options: string) => run('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path]);
  await mount('size=256k,mode=700').catch((error: Error) =>
    skip(`Nothing can be mounted here: ${error.message}`),
  );
  onTestFinished(async () => void (await run('umount', ['--lazy', path])));
  return { remount: async (options) => void (await mount(`remount,${options}`)) };
}

async function serve(world: World) {
  const program = startProgram(world, ['serve'], { HTTP_PORT: '0' });
  await program.says('\n', 'stdout');
  const origin = program.output.stdout.split('\n')[0] ?? '';
  const send = async (path: string, parts: readonly Part[]) => {
    const { headers, payload: body } = encodeParts(parts);
    const answer = await fetch(new URL(path, origin), {
      method: 'POST',
      headers,
      body,
      signal: AbortSignal.timeout(120_000),
    });
    return {
      status: answer.status,
      ...((await answer.json()) as { code?: string; detail?: string; hint?: string }),
    };
  };
  return { send };
}

const withAgreement = (parts: readonly Part[], content: Buffer, filename = 'large.pdf'): Part[] => [
  ...parts.filter(({ name }) => !name.startsWith('agreement')),
  { name: parts.some(({ name }) => name === 'customers') ? 'agreements' : 'agreement', filename, content },
];

it('a full disk is called that, nothing of the upload stays, and it goes on when there is room', async (test) => {
  const world = await createWorld();
  const disk = await mountSmall(world, test);
  const { send } = await serve(world);
  const uploads = [
    ['/v1/drafts', withAgreement(batchParts(makeCustomers(1)), LARGE)],
    ['/v1/batches', withAgreement(batchParts(makeCustomers(1)), LARGE)],
    [
      '/v1/drafts',
      withAgreement(
        batchParts(makeCustomers(1)),
        makeZip([{ name: 'large.pdf', content: LARGE }]),
        'all.zip',
      ),
    ],
    ['/v1/customers', withAgreement(customerParts(makeCustomer(1)), LARGE)],
  ] as const;
  for (const [path, parts] of uploads) {
    expect(await send(path, parts)).toMatchObject({
      status: 500,
      code: 'UPLOADS_UNWRITABLE',
      detail: 'What is uploaded cannot be written here now: the disk is full.',
      hint: expect.stringContaining('ONBOARD_DRAFTS'),
    });
    expect(await readdir(join(world.folder, 'drafts', 'uploads'))).toEqual([]);
  }
  await disk.remount('ro');
  expect(await send('/v1/customers', customerParts(makeCustomer(1)))).toMatchObject({
    code: 'UPLOADS_UNWRITABLE',
    detail: 'What is uploaded cannot be written here now: the file system is read-only.',
  });
  await disk.remount('rw,size=8m');
  expect(await send('/v1/drafts', batchParts(makeCustomers(1)))).toMatchObject({ status: 201 });
  expect(await send('/v1/customers', customerParts(makeCustomer(1)))).toMatchObject({ status: 202 });
});
