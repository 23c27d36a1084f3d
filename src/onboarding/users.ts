/** The users as their file has them now: it is looked at whenever someone asks, and read again when it has changed. */
import { stat } from 'node:fs/promises';
import type { Logger } from '../logger.ts';
import { impossibleHash, isPassword } from './password.ts';
import { readUsersFile, type UserRecord } from './users-file.ts';

interface Known {
  /** Differs after every change of the file. */
  version: string;
  users: ReadonlyMap<string, UserRecord>;
}

export class Users {
  readonly #path: string;
  readonly #logger: Logger;
  #known: Known = { version: '', users: new Map() };

  constructor(path: string, logger: Logger) {
    this.#path = path;
    this.#logger = logger;
  }

  async find(name: string): Promise<UserRecord | undefined> {
    return (await this.#read()).get(name);
  }

  /** @returns the user if the password is right; takes as long for a name that nobody has */
  async authenticate(name: string, password: string): Promise<UserRecord | undefined> {
    const users = await this.#read();
    const found = users.get(name.normalize('NFC'));
    const [any] = users.values();
    const isRight = await isPassword(password, found?.password ?? impossibleHash(any?.password));
    return isRight ? found : undefined;
  }

  /** A file that cannot be used lets nobody in. */
  async #read(): Promise<Known['users']> {
    const version = await this.#version();
    if (version === this.#known.version) return this.#known.users;
    const records = await readUsersFile(this.#path).catch((error: Error) => {
      this.#logger.error({ event: 'users_unusable' }, error.message);
      return [];
    });
    this.#known = { version, users: new Map(records.map((user) => [user.name, user])) };
    return this.#known.users;
  }

  async #version(): Promise<string> {
    try {
      const { ino, size, mtimeNs, ctimeNs } = await stat(this.#path, { bigint: true });
      return [ino, size, mtimeNs, ctimeNs].join();
    } catch (error) {
      return (error as NodeJS.ErrnoException).code ?? 'unknown';
    }
  }
}
