/**
 * The file of those who may log in to the pages: JSON, for its owner only, never half written, and changed by one command
 * at a time.
 */
import { randomBytes } from 'node:crypto';
import { type FileHandle, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { AppError } from '../errors.ts';
import { isPasswordHash } from './password.ts';
import { ROLES } from './user.ts';

const USERS_MAX = 10_000;
const OWNER_ONLY = 0o600;
/** Another command holds the file for milliseconds. */
const LOCK_WAIT_MS = 5_000;
const LOCK_LOOK_EVERY_MS = 50;

/** Letters and digits of any script. */
const userName = z
  .string()
  .regex(
    /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._@-]{0,63}$/u,
    'a name has letters, digits, ".", "_", "@" and "-", at most 64',
  );

const userSchema = z.strictObject({
  name: userName,
  role: z.enum(ROLES),
  password: z.string().refine(isPasswordHash, 'not a hash of a password'),
  /** When the password was set. */
  changed: z.iso.datetime(),
});
export type UserRecord = z.output<typeof userSchema>;

const fileSchema = z.strictObject({
  users: z
    .array(userSchema)
    .max(USERS_MAX)
    .refine((users) => new Set(users.map(({ name }) => name)).size === users.length, 'has a name twice'),
});

/** The form of a name that counts. @throws AppError USAGE */
export function checkUserName(text: string): string {
  const { data, error } = userName.safeParse(text.normalize('NFC'));
  if (error)
    throw new AppError('USAGE', `${text} cannot be the name of a user: ${error.issues[0]?.message}.`);
  return data;
}

/** Nobody, if there is no file. @throws AppError CONFIG_INVALID that says where the file is wrong, and quotes nothing */
export async function readUsersFile(path: string): Promise<UserRecord[]> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw unusable(path, `cannot be read (${error.code})`, error);
  });
  if (text === undefined) return [];
  const { data, error } = fileSchema.safeParse(parse(text));
  if (error) {
    const [issue] = error.issues;
    throw unusable(path, `${issue?.path.join('.') || 'it'}: ${issue?.message}`);
  }
  return data.users;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unusable(path: string, why: string, cause?: unknown): AppError {
  return new AppError('CONFIG_INVALID', `The file of users ${path} cannot be used: ${why}.`, {
    hint: 'Correct it, or remove it and make its users again with `onboard user add`.',
    cause,
  });
}

/**
 * Replaces the users by what `change` makes of them.
 * @param options.waitMs how long another command may have the file
 * @throws AppError CONFIG_INVALID, OUTPUT_UNWRITABLE; USAGE if another command has the file for too long
 */
export async function changeUsersFile(
  path: string,
  change: (users: UserRecord[]) => UserRecord[],
  { waitMs = LOCK_WAIT_MS } = {},
): Promise<void> {
  // A link stays a link.
  const place = await realpath(path).catch(() => resolve(path));
  await using _lock = await lockFile(place, waitMs);
  const users = change(await readUsersFile(place));
  await writeAside(place, `${JSON.stringify({ users }, null, 2)}\n`);
}

async function lockFile(place: string, waitMs: number): Promise<AsyncDisposable> {
  const lock = `${place}.lock`;
  const until = Date.now() + waitMs;
  for (;;) {
    try {
      await (await open(lock, 'wx', OWNER_ONLY)).close();
      return { [Symbol.asyncDispose]: () => rm(lock, { force: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unwritable(place, error);
      if (Date.now() >= until)
        throw new AppError('USAGE', `Another command is changing ${place}.`, {
          hint: `If none is, one was killed: remove ${lock}.`,
        });
    }
    await sleep(LOCK_LOOK_EVERY_MS);
  }
}

async function writeAside(place: string, text: string): Promise<void> {
  const aside = join(dirname(place), `.${basename(place)}.${randomBytes(6).toString('hex')}.part`);
  try {
    const file = await open(aside, 'wx', OWNER_ONLY);
    try {
      await keepOwner(file, place);
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(aside, place);
  } catch (error) {
    await rm(aside, { force: true });
    throw unwritable(place, error);
  }
}

/** What root writes must stay readable to the server: the owner of the file, or of its folder, keeps it. */
async function keepOwner(file: FileHandle, place: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = await stat(place).catch(() => stat(dirname(place)));
  await file.chown(uid, gid);
}

function unwritable(place: string, error: unknown): AppError {
  const { code } = error as NodeJS.ErrnoException;
  return new AppError('OUTPUT_UNWRITABLE', `The file of users ${place} cannot be written (${code}).`, {
    cause: error,
  });
}
