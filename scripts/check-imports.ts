/**
 * Fails where an import breaks a rule of `.dependency-cruiser.mjs`, and where dependency-cruiser saw fewer files
 * than there are: a parser that skips a file would let everything in it pass.
 */
import { existsSync, readdirSync } from 'node:fs';
import type { IModule, IViolation } from 'dependency-cruiser';
import config from '../.dependency-cruiser.mjs';
import { cruiseTree } from './cruise.ts';

const FOLDERS = ['src', 'workers', 'scripts', 'test', 'examples'].filter((folder) => existsSync(folder));

const { modules, summary } = await cruiseTree(FOLDERS);
const problems = [...summary.violations.map(describeViolation), ...describeUnseen(modules)];
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.stderr.write(
  problems.length > 0
    ? `${problems.length} problems with imports; the floors are in .dependency-cruiser.mjs\n`
    : `Imports go down only: ${summary.totalCruised} modules, ${summary.totalDependenciesCruised ?? 0} imports\n`,
);
process.exitCode = problems.length > 0 ? 1 : 0;

function describeViolation({ from, to, cycle, rule: { name } }: IViolation): string {
  const path = cycle === undefined ? to : cycle.map((step) => step.name).join(' → ');
  const comment = config.forbidden?.find((rule) => rule.name === name)?.comment;
  return `${from} → ${path}\n    ${name}: ${comment}`;
}

function describeUnseen(seen: readonly IModule[]): string[] {
  const sources = new Set(seen.map(({ source }) => source));
  return FOLDERS.flatMap(listTypeScript)
    .filter((file) => !sources.has(file))
    .map((file) => `${file}\n    was not seen by dependency-cruiser`);
}

function listTypeScript(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.[cm]?tsx?$/.test(file))
    .map((file) => `${folder}/${file}`);
}
