/**
 * Runs the tests on other versions of Node: `npm run test:node -- 22 24`. Each gets a copy of the checkout, as git sees it,
 * with dependencies and a build of its own; the binary is the one that the npm registry has for this machine, in a
 * temporary folder. Ends with 1 if anything fails, which a version that cannot be fetched does too: it was not tested.
 * `--reports FOLDER` writes what vitest's JSON reporter says of each version there, as `node-22.json`.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from './lua-files.ts';

const { positionals: versions, values: given } = parseArgs({
  allowPositionals: true,
  options: { reports: { type: 'string' } },
});
if (versions.length === 0 || !versions.every((version) => /^\d+(\.\d+){0,2}$/.test(version))) {
  process.stderr.write('Name versions of Node, as in: npm run test:node -- 22 24\n');
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), 'onboard-node-'));
const failed: string[] = [];
try {
  for (const version of versions) if (!isGreenOn(version)) failed.push(version);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (failed.length > 0) {
  process.stderr.write(`Not green on Node ${failed.join(', ')}.\n`);
  process.exitCode = 1;
}

function isGreenOn(version: string): boolean {
  const binaries = fetchNode(version);
  if (binaries === undefined) return false;
  const cwd = copyCheckout(join(folder, `checkout-${version}`));
  const env = { ...process.env, PATH: [binaries, process.env.PATH].join(delimiter) };
  const runs = (file: string, ...parameters: string[]) =>
    spawnSync(file, parameters, { cwd, env, stdio: 'inherit' }).status === 0;
  process.stdout.write(`Node of the tests: `);
  // It builds, too.
  return (
    runs('node', '--version') &&
    runs('npm', 'ci', '--no-audit', '--no-fund') &&
    runs('npm', 'test', '--', ...reportersFor(version))
  );
}

function reportersFor(version: string): string[] {
  if (given.reports === undefined) return [];
  const file = join(resolve(given.reports), `node-${version}.json`);
  return ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
}

/** @returns where `node` is, if it could be had */
function fetchNode(version: string): string | undefined {
  const name = `node-${process.platform}-${process.arch}@${version}`;
  const place = join(folder, `node-${version}`);
  mkdirSync(place);
  try {
    const [packed] = JSON.parse(npm('pack', name, '--json', '--pack-destination', place));
    execFileSync('tar', ['-xzf', join(place, packed.filename), '-C', place]);
    return join(place, 'package', 'bin');
  } catch (error) {
    process.stderr.write(`${name} cannot be had from the npm registry: ${(error as Error).message}\n`);
    return undefined;
  }
}

function npm(...parameters: string[]): string {
  // npm says what is wrong, in its own words.
  return execFileSync('npm', parameters, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Every file that is committed or could be; tests ask git for some of them. */
function copyCheckout(copy: string): string {
  const git = (...parameters: string[]) => execFileSync('git', parameters, { cwd: copy });
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
  });
  for (const file of new Set(files.toString().split('\0').filter(Boolean)))
    cpSync(join(ROOT, file), join(copy, file), { recursive: true });
  git('init', '--quiet');
  git('add', '--all');
  return copy;
}
