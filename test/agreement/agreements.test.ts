import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { AGREEMENT_BYTES_MAX } from '../../src/agreement/content.ts';
import { openAgreementFolder } from '../../src/agreement/folder.ts';
import { createDirectoryStore, sha256Of } from '../../src/agreement/store.ts';
import { makePdf } from '../support/pdf.ts';

async function makeFolder() {
  const root = await mkdtemp(join(tmpdir(), 'onboard-agreements-'));
  onTestFinished(() => rm(root, { recursive: true }));
  const inside = join(root, 'inside');
  await mkdir(inside);
  await writeFile(join(inside, 'good.pdf'), makePdf(['good']));
  await writeFile(join(inside, 'text.pdf'), 'hello');
  await writeFile(join(inside, 'empty.pdf'), '');
  await writeFile(
    join(inside, 'large.pdf'),
    Buffer.concat([Buffer.from('%PDF-1.4'), Buffer.alloc(AGREEMENT_BYTES_MAX)]),
  );
  await writeFile(join(root, 'outside.pdf'), makePdf(['outside']));
  await symlink(join(root, 'outside.pdf'), join(inside, 'link.pdf'));
  await symlink(join(inside, 'good.pdf'), join(inside, 'alias.pdf'));
  return { root, inside };
}

it('gives the digest of a PDF inside the folder', async () => {
  const { inside } = await makeFolder();
  const folder = await openAgreementFolder(inside);
  expect(await folder.check('good.pdf')).toMatchObject({ sha256: sha256Of(makePdf(['good'])) });
  expect(await folder.check('alias.pdf')).toMatchObject({ sha256: sha256Of(makePdf(['good'])) });
});

it.each([
  ['missing.pdf', 'AGREEMENT_MISSING'],
  ['../outside.pdf', 'AGREEMENT_OUTSIDE'],
  ['link.pdf', 'AGREEMENT_OUTSIDE'],
  ['/etc/passwd', 'AGREEMENT_OUTSIDE'],
  ['..\\outside.pdf', 'AGREEMENT_OUTSIDE'],
  ['.', 'AGREEMENT_OUTSIDE'],
  ['text.pdf', 'AGREEMENT_NOT_PDF'],
  ['empty.pdf', 'AGREEMENT_EMPTY'],
  ['large.pdf', 'AGREEMENT_TOO_LARGE'],
])('refuses the name %s as %s', async (name, code) => {
  const { inside } = await makeFolder();
  const folder = await openAgreementFolder(inside);
  await expect(folder.check(name)).rejects.toMatchObject({ code });
});

it('gives back what it was given to keep, and only while it is the same', async () => {
  const { root, inside } = await makeFolder();
  const store = createDirectoryStore(join(root, 'store'));
  const folder = await openAgreementFolder(inside);
  const { sha256 } = await folder.check('good.pdf');
  await expect(store.get(sha256)).rejects.toMatchObject({ code: 'AGREEMENT_LOST' });
  await Promise.all([folder.keep('good.pdf', sha256, store), folder.keep('good.pdf', sha256, store)]);
  expect(await store.get(sha256)).toEqual(makePdf(['good']));
  await writeFile(join(root, 'store', sha256.slice(0, 2), `${sha256}.pdf`), makePdf(['forged']));
  await expect(store.get(sha256)).rejects.toMatchObject({ code: 'AGREEMENT_LOST' });
});

it('does not keep a file that has changed since its check', async () => {
  const { root, inside } = await makeFolder();
  const folder = await openAgreementFolder(inside);
  const { sha256 } = await folder.check('good.pdf');
  await writeFile(join(inside, 'good.pdf'), makePdf(['other']));
  await expect(
    folder.keep('good.pdf', sha256, createDirectoryStore(join(root, 'store'))),
  ).rejects.toMatchObject({ code: 'AGREEMENT_MISSING' });
});
