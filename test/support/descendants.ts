/** The processes below a process, as the system knows them. */
import { readdirSync, readFileSync } from 'node:fs';

/** @returns the ids of all that it and its children have started and that still run */
export function descendantsOf(pid: number): number[] {
  const parents = readParents();
  const below = (parent: number): number[] =>
    parents.flatMap(([child, itsParent]) => (itsParent === parent ? [child, ...below(child)] : []));
  return below(pid);
}

/** Whether a process is there and has not ended. */
export function isRunning(pid: number): boolean {
  const { state } = readStat(pid) ?? {};
  return state !== undefined && state !== 'Z';
}

function readParents(): [pid: number, parent: number][] {
  return readdirSync('/proc').flatMap((name) => {
    const stat = /^\d+$/.test(name) ? readStat(Number(name)) : undefined;
    return stat ? [[Number(name), stat.parent] as [number, number]] : [];
  });
}

/** Its name, in parentheses, may hold anything. */
function readStat(pid: number): { state: string; parent: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state = '', parent] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state, parent: Number(parent) };
  } catch {
    return undefined;
  }
}
