/**
 * Builds `dist/` where the sources are not the ones that it was built from, so that tests and measurements run what
 * ships. Contents are compared, not times, because a checkout changes times at will. Runs that overlap wait for each
 * other: nobody may start a file that the compiler of another is writing.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SOURCES = [
  'src',
  'workers',
  'scripts/copy-lua.ts',
  'scripts/lua-files.ts',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'vite.config.ts',
];
/** In `dist/`, so that it goes when the build goes. */
const STAMP = join(ROOT, 'dist', '.built-from');
const LOCK = join(ROOT, 'node_modules', '.onboard-build');
const LOOK_AGAIN_MS = 100;

/** The command line, as built. */
export const ONBOARD = join(ROOT, 'dist', 'src', 'cli', 'main.js');

export async function ensureBuilt(): Promise<void> {
  const digest = digestSources();
  if (isBuiltFrom(digest)) return;
  while (!takeLock()) await sleep(LOOK_AGAIN_MS);
  try {
    if (isBuiltFrom(digest)) return;
    rmSync(STAMP, { force: true });
    execFileSync('npm', ['run', '-s', 'build'], { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
    writeFileSync(STAMP, digest);
  } finally {
    rmSync(LOCK, { force: true });
  }
}

function digestSources(): string {
  const hash = createHash('sha256');
  for (const path of SOURCES.flatMap(listFiles)) hash.update(path).update(readFileSync(join(ROOT, path)));
  return hash.digest('hex');
}

function listFiles(path: string): string[] {
  if (!statSync(join(ROOT, path)).isDirectory()) return [path];
  return readdirSync(join(ROOT, path))
    .sort()
    .flatMap((name) => listFiles(join(path, name)));
}

function isBuiltFrom(digest: string): boolean {
  try {
    return readFileSync(STAMP, 'utf8') === digest;
  } catch {
    return false;
  }
}

/** @returns whether this process may build now; the lock of a process that is gone counts for nothing */
function takeLock(): boolean {
  try {
    writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    if (!isAlive(readHolder())) rmSync(LOCK, { force: true });
    return false;
  }
}

function readHolder(): number {
  try {
    // Between its creation and its first byte the lock is empty: somebody is there all the same.
    return Number(readFileSync(LOCK, 'utf8')) || process.pid;
  } catch {
    return process.pid;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
