/**
 * Draws `docs/architecture.svg`: the parts on their floors and the imports between them, as they are in the code.
 * With `--check`, fails where the picture is not current, or where `docs/architecture.md` names a file that is gone.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { instance } from '@viz-js/viz';
import { readHouse } from './architecture/house.ts';
import { dress, readLayout, renderDot } from './architecture/picture.ts';
import { cruiseTree } from './cruise.ts';

const PICTURE = 'docs/architecture.svg';
const PAGE = 'docs/architecture.md';

const picture = await draw();
if (process.argv.includes('--check')) check();
else writeFileSync(PICTURE, picture);

async function draw(): Promise<string> {
  const { modules } = await cruiseTree(['src', 'workers']);
  const viz = await instance();
  const dot = renderDot(readHouse(modules));
  return dress(viz.renderString(dot, { format: 'svg' }), readLayout(viz.renderJSON(dot)));
}

function check(): void {
  const problems = findDeadLinks().map((path) => `${PAGE} names ${path}, which is not there`);
  if (!existsSync(PICTURE) || readFileSync(PICTURE, 'utf8') !== picture)
    problems.push(`${PICTURE} is not current: run \`node --import tsx scripts/architecture.ts\``);
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  if (problems.length > 0) process.exitCode = 1;
}

function findDeadLinks(): string[] {
  const links = readFileSync(PAGE, 'utf8').matchAll(/\]\(\.\.\/([^)]+)\)/g);
  return Array.from(links, ([, path = '']) => path).filter((path) => !existsSync(path));
}
