import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createDirectoryStore } from '../../src/agreement/store.ts';
import { addUser, readUsers } from '../../src/agreement/users-note.ts';

const makePlace = () => mkdtemp(join(tmpdir(), 'onboard-store-'));

it('loses no name of those that are added at the same time, and adds each once', async () => {
  const place = await makePlace();
  const users = Array.from({ length: 12 }, (_, index) => `user ${index}`);
  const add = (user: string) => addUser(createDirectoryStore(place), 'sender', user);
  await Promise.all([...users, ...users].map(add));
  await add('user 3');
  const store = createDirectoryStore(place);
  expect((await readUsers(store, 'sender')).toSorted()).toEqual(users.toSorted());
  expect(await readUsers(store, 'another')).toEqual([]);
});

it('goes past a name that was never written, and reads several in one note, as they were once kept', async () => {
  const place = await makePlace();
  const store = createDirectoryStore(place);
  await addUser(store, 'sender', 'first');
  const [name = ''] = await store.notes.list('users-of');
  await mkdir(join(place, 'users-of'), { recursive: true });
  await writeFile(join(place, 'users-of', name), 'first\nsecond\n');
  await writeFile(join(place, 'users-of', `${name}-1`), '');
  await addUser(store, 'sender', 'third');
  await addUser(store, 'sender', 'second');
  expect(await readUsers(store, 'sender')).toEqual(['first', 'second', 'third']);
});
