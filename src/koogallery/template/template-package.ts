/** A template as it is packed: its files, and where its root is. Pure. */

export interface TemplatePackage {
  packedBytes: number;
  /** As the archive declares it. */
  unpackedBytes: number;
  fileCount: number;
  /** With folders. */
  entryCount: number;
  /** Of them, those that are ordinary and could be read. */
  files: TemplateFile[];
  /** False if that is so much that nothing was inflated. */
  wasInflated: boolean;
}

export interface TemplateFile {
  /** As the zip names it. */
  path: string;
  /** Undefined if it is not UTF-8. */
  text: string | undefined;
  hasBom: boolean;
}

/** `modules/vpc/main.tf` is in `modules/vpc`, `main.tf` in ``. */
export const folderOf = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf('/')));

export const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);

/** @param root the folder that has the template; `` is the root of the zip */
export const inFolder = (root: string, name: string) => (root === '' ? name : `${root}/${name}`);

const UTF8 = new TextDecoder('utf-8', { fatal: true });

export function toFile(path: string, bytes: Uint8Array): TemplateFile {
  const hasBom = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  try {
    return { path, text: UTF8.decode(bytes), hasBom };
  } catch {
    return { path, text: undefined, hasBom };
  }
}
