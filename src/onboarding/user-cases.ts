/** What can be done with the users of the pages. */
import { AppError } from '../errors.ts';
import { hashPassword } from './password.ts';
import type { Role } from './user.ts';
import { changeUsersFile, checkUserName, readUsersFile, type UserRecord } from './users-file.ts';

export interface AddUserOrder {
  name: string;
  role: Role;
  password: string;
}

/** A user without the password's hash. */
export type KnownUser = Omit<UserRecord, 'password'>;

export class UserCases {
  readonly #path: string;

  /** @throws AppError CONFIG_INVALID if no file is configured */
  constructor(path: string | undefined) {
    if (path === undefined)
      throw new AppError('CONFIG_INVALID', 'ONBOARD_USERS is not set: it names the file of the users.', {
        hint: 'Set it for this command and for `onboard serve`, to /etc/onboard/users.json for example.',
      });
    this.#path = path;
  }

  async list(): Promise<KnownUser[]> {
    return (await readUsersFile(this.#path)).map(withoutPassword);
  }

  /** @throws AppError USAGE if the name cannot be used, or is taken */
  async assertNew(name: string): Promise<void> {
    requireNew(await readUsersFile(this.#path), checkUserName(name));
  }

  /** @throws AppError USAGE if there is no such user */
  async assertKnown(name: string): Promise<void> {
    requireKnown(await readUsersFile(this.#path), name);
  }

  /** @throws AppError USAGE, CONFIG_INVALID, OUTPUT_UNWRITABLE */
  async add({ name: given, role, password: text }: AddUserOrder): Promise<KnownUser> {
    const name = checkUserName(given);
    const user = { name, role, password: await hashPassword(text), changed: new Date().toISOString() };
    await changeUsersFile(this.#path, (users) => [...requireNew(users, name), user]);
    return withoutPassword(user);
  }

  /** @throws AppError USAGE, CONFIG_INVALID, OUTPUT_UNWRITABLE */
  async setPassword({ name, password: text }: Omit<AddUserOrder, 'role'>): Promise<KnownUser> {
    const renewed = { password: await hashPassword(text), changed: new Date().toISOString() };
    let user: UserRecord | undefined;
    await changeUsersFile(this.#path, (users) => {
      const known = requireKnown(users, name);
      user = { ...known, ...renewed };
      return users.map((each) => (each === known ? { ...known, ...renewed } : each));
    });
    return withoutPassword(requireKnown(user ? [user] : [], name));
  }

  /** @throws AppError USAGE, CONFIG_INVALID, OUTPUT_UNWRITABLE */
  async remove(name: string): Promise<KnownUser> {
    const removed: UserRecord[] = [];
    await changeUsersFile(this.#path, (users) => {
      removed.push(requireKnown(users, name));
      return users.filter((each) => !removed.includes(each));
    });
    return withoutPassword(requireKnown(removed, name));
  }
}

function requireNew(users: UserRecord[], name: string): UserRecord[] {
  if (!users.some((user) => user.name === name)) return users;
  throw new AppError('USAGE', `There is a user ${name} already.`, {
    hint: `\`onboard user passwd ${name}\` changes the password; for another role, remove and add the user.`,
  });
}

function requireKnown(users: readonly UserRecord[], given: string): UserRecord {
  const name = given.normalize('NFC');
  const user = users.find((each) => each.name === name);
  if (user !== undefined) return user;
  throw new AppError('USAGE', `There is no user ${name}.`, { hint: 'Run `onboard user list` to see them.' });
}

function withoutPassword({ password: _password, ...user }: UserRecord): KnownUser {
  return user;
}
