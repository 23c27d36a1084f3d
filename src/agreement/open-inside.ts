/** Opens a file inside a folder, and nothing else: no link that leads out, nothing that blocks. */
import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { AppError } from '../errors.ts';
import { quoted } from '../printable.ts';
import { AGREEMENT_BYTES_MAX, assertSize } from './content.ts';

/** Opening a FIFO or a device waits for its other end unless it is told not to; a link put there meanwhile is refused. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);

const KINDS: readonly (readonly [keyof Stats & `is${string}`, string])[] = [
  ['isDirectory', 'a folder'],
  ['isFIFO', 'a named pipe'],
  ['isSocket', 'a socket'],
  ['isCharacterDevice', 'a device'],
  ['isBlockDevice', 'a device'],
];

/**
 * @param root as `realpath` gives it. @returns where the file really is; undefined if there is none
 * @throws AppError AGREEMENT_OUTSIDE
 */
export async function findInside(
  root: string,
  path: string | Buffer,
  name: string,
): Promise<Buffer | undefined> {
  const found = await realpath(path, { encoding: 'buffer' }).catch(() => undefined);
  if (found === undefined) return undefined;
  const above = Buffer.from(root.endsWith('/') ? root : `${root}/`);
  if (found.subarray(0, above.length).equals(above)) return found;
  throw new AppError(
    'AGREEMENT_OUTSIDE',
    `${quoted(name)} is a link that leads out of the agreements folder`,
  );
}

/** @throws AppError AGREEMENT_MISSING, AGREEMENT_TOO_LARGE */
export async function readBounded(path: Buffer, name: string): Promise<Buffer> {
  const file = await open(path, FLAGS).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENXIO' ? 'is not a file' : `cannot be read (${error.code})`;
    throw new AppError('AGREEMENT_MISSING', `${quoted(name)} ${why}`);
  });
  try {
    const facts = await file.stat();
    const kind = KINDS.find(([is]) => facts[is]())?.[1];
    if (kind !== undefined) throw new AppError('AGREEMENT_MISSING', `${quoted(name)} is ${kind}, not a file`);
    assertSize(facts.size, name);
    return await readAll(file, name);
  } finally {
    await file.close();
  }
}

/** A file may have grown since it was opened. */
async function readAll(file: FileHandle, name: string): Promise<Buffer> {
  const { size } = await file.stat();
  let content = Buffer.allocUnsafe(Math.min(size, AGREEMENT_BYTES_MAX) + 1);
  let length = 0;
  for (;;) {
    const { bytesRead } = await file.read(content, length, content.length - length);
    if (bytesRead === 0) return content.subarray(0, length);
    length += bytesRead;
    assertSize(length, name);
    if (length === content.length) content = Buffer.concat([content], 2 * length);
  }
}
