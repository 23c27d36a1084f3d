/** Which of the agreements of a draft a row names. */
import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';

/** Names that are told at most. */
const UNUSED_MAX = 100;

export interface Usage {
  files: number;
  /** @param name as a row has it */
  use(name: string): void;
  unused(): string[];
}

export async function openUsage(folder: string): Promise<Usage> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const unused = new Map(
    entries.flatMap((entry) => (entry.isFile() ? [[keyOf(entry.name), entry.name] as const] : [])),
  );
  return {
    files: unused.size,
    use: (name) => void unused.delete(keyOf(basename(name.replaceAll('\\', '/')))),
    unused: () => [...unused.values()].slice(0, UNUSED_MAX),
  };
}

const keyOf = (name: string) => name.normalize('NFKC').trim().toLowerCase();
