import { mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { hashPassword, impossibleHash, isPassword, isPasswordHash } from '../../src/onboarding/password.ts';
import { UserCases } from '../../src/onboarding/user-cases.ts';
import { changeUsersFile, readUsersFile } from '../../src/onboarding/users-file.ts';
import { quickHash } from '../support/pages.ts';

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'onboard-users-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

async function makeUser(name: string) {
  const password = await quickHash('correct horse battery');
  return { name, role: 'viewer' as const, password, changed: new Date().toISOString() };
}

it('keeps a password as a hash that says how it was made', async () => {
  const hash = await hashPassword('Grüße aus Köln!');
  expect(hash).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$/);
  expect(await isPassword('Grüße aus Köln!'.normalize('NFD'), hash)).toBe(true);
  expect(await isPassword('Grüße aus Köln', hash)).toBe(false);
  await expect(hashPassword('too short')).rejects.toMatchObject({ code: 'USAGE' });
  const like = await quickHash('correct horse battery');
  expect(impossibleHash(like)).toMatch(/^\$scrypt\$ln=4,r=8,p=1\$/);
  expect([hash, like, impossibleHash(undefined)].every(isPasswordHash)).toBe(true);
  expect([like.replace('ln=4', 'ln=40'), like.replace('r=8', 'r=0'), ''].some(isPasswordHash)).toBe(false);
});

it('loses no change when many commands come at once, and is for its owner only', async () => {
  const folder = await makeFolder();
  const path = join(folder, 'users.json');
  const names = Array.from({ length: 8 }, (_, n) => `user${n}`);
  const users = await Promise.all(names.map(makeUser));
  await Promise.all(users.map((user) => changeUsersFile(path, (others) => [...others, user])));
  expect((await readUsersFile(path)).map(({ name }) => name).sort()).toEqual(names);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(['users.json']);
});

it('replaces what a link leads to, not the link', async () => {
  const folder = await makeFolder();
  const [path, link] = [join(folder, 'users.json'), join(folder, 'link.json')];
  const user = await makeUser('anna');
  await changeUsersFile(path, () => [user]);
  await symlink(path, link);
  await new UserCases(link).remove('anna');
  expect(await readUsersFile(path)).toEqual([]);
});

it('names the lock that a killed command left behind', async () => {
  const path = join(await makeFolder(), 'users.json');
  await writeFile(`${path}.lock`, '');
  await expect(changeUsersFile(path, (users) => users, { waitMs: 100 })).rejects.toMatchObject({
    code: 'USAGE',
    hint: expect.stringContaining(`${path}.lock`),
  });
});

it('refuses a name twice, unknown names and names that a log could not show', async () => {
  const users = new UserCases(join(await makeFolder(), 'users.json'));
  const order = { role: 'viewer', password: 'correct horse battery' } as const;
  await users.add({ name: '李雷', ...order });
  await expect(users.assertNew('李雷')).rejects.toMatchObject({ code: 'USAGE' });
  for (const name of ['', ' anna', 'a\u001bb', 'a/b', 'x'.repeat(65), '-h'])
    await expect(users.assertNew(name)).rejects.toMatchObject({ code: 'USAGE' });
  await expect(users.assertNew('x'.repeat(65))).rejects.toThrow(/"-", at most 64\.$/);
  await expect(users.assertKnown('anna')).rejects.toMatchObject({ code: 'USAGE' });
  expect(await users.list()).toEqual([{ name: '李雷', role: 'viewer', changed: expect.any(String) }]);
  expect(() => new UserCases(undefined)).toThrow('ONBOARD_USERS');
});

it.each([
  '',
  '[]',
  '{"users":[{"name":"a","role":"root","password":"secret-hash","changed":"2026-01-01T00:00:00Z"}]}',
])('says that a file cannot be used without quoting it: %s', async (text) => {
  const path = join(await makeFolder(), 'users.json');
  await writeFile(path, text);
  const error = await readUsersFile(path).catch((caught: Error) => caught);
  expect(error).toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.not.stringContaining('secret-hash'),
  });
});
