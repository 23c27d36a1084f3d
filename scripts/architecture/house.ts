/** The tree as the picture shows it: which parts are there, on which floor, and who imports whom. */
import type { IModule } from 'dependency-cruiser';
import { ENTRIES, FLOORS, filesOf } from '../../.dependency-cruiser.mjs';

export type Import = readonly [from: string, to: string];

export interface House {
  /** From the top down: the programs, then the parts that have files. */
  floors: string[][];
  imports: Import[];
}

export function readHouse(tree: readonly IModule[]): House {
  const present = new Set(tree.map(({ source }) => nodeOf(source)));
  const floors = [ENTRIES, ...FLOORS.map((parts) => parts.filter((part) => !ENTRIES.includes(part)))]
    .map((parts) => parts.filter((part) => present.has(part)))
    .filter((parts) => parts.length > 0);
  return { floors, imports: importsBetween(tree) };
}

/** The entry that a file is, or else the part that it belongs to. */
function nodeOf(file: string): string | undefined {
  if (ENTRIES.includes(file)) return file;
  return FLOORS.flat().find((part) => new RegExp(filesOf(part)).test(file));
}

/** Each pair once, sorted, so that the picture changes only with what it shows. */
function importsBetween(tree: readonly IModule[]): Import[] {
  const found = new Map<string, Import>();
  for (const { source, dependencies } of tree)
    for (const { resolved } of dependencies) {
      const [from, to] = [nodeOf(source), nodeOf(resolved)];
      if (from !== undefined && to !== undefined && from !== to) found.set(`${from} ${to}`, [from, to]);
    }
  return [...found].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, pair]) => pair);
}
