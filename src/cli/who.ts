import { userInfo } from 'node:os';

/** Who runs this command, for a batch's history. A container's user often has only a number. */
export function whoRuns(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
