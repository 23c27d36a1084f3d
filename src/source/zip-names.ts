/** What the names in an archive from anybody may be. Pure. */

const NAME_LENGTH_MAX = 1024;
/** What macOS and Windows put beside the files of a person. */
const JUNK = /^__MACOSX\/|(^|\/)(\.DS_Store|Thumbs\.db|desktop\.ini)$/i;

export const isJunk = (name: string) => JUNK.test(name);

/** No step up, no other drive, nothing that a file system cannot have. */
export function isInside(name: string): boolean {
  const steps = name.split('/');
  return (
    name.length <= NAME_LENGTH_MAX &&
    !name.startsWith('/') &&
    !name.includes('\0') &&
    !/^[a-z]:/i.test(name) &&
    !steps.includes('..') &&
    steps.at(-1) !== '.' &&
    steps.at(-1) !== ''
  );
}

/** Names that a file system may take for one have the same key. */
export const keyOfName = (name: string) => name.normalize('NFC').toLowerCase();
