/** Why something cannot be written, for people, by what the file system says. Pure. */

/** Nothing that was sent is at fault: it works again when there is room, or when the disk is repaired. */
const OF_DISK: Record<string, string> = {
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EIO: 'the disk fails',
};

const OF_PLACE: Record<string, string> = {
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'part of its path is not a folder',
  EEXIST: 'a file with that name exists',
  EISDIR: 'it is a folder',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'its name is too long',
  EACCES: 'no permission',
  EPERM: 'no permission',
  EFBIG: 'the file would be too large for the file system',
};

/** This process, or the machine, has as many open as it may have: no place is at fault. */
const OF_PROCESS: Record<string, string> = {
  EMFILE: 'this process may open no more files',
  ENFILE: 'this machine may open no more files',
};

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException | undefined)?.code ?? 'unknown reason';

/** In a few words; the code of the file system where there are none. */
export function whyUnwritable(error: unknown): string {
  const code = codeOf(error);
  return OF_DISK[code] ?? OF_PLACE[code] ?? OF_PROCESS[code] ?? code;
}

export const isOfDisk = (error: unknown) => codeOf(error) in OF_DISK;
export const isOutOfFiles = (error: unknown) => codeOf(error) in OF_PROCESS;
