/** Pages that are made from the code: written, or with `--check` compared with what is there. */
import { readFileSync, writeFileSync } from 'node:fs';

/** @param script that makes it, from the root of the repository */
export function keepPage(path: string, script: string, text: string): void {
  const [title = '', ...rest] = text.split('\n');
  const wanted = [title, '', `<!-- Written by ${script}. -->`, ...rest].join('\n');
  const file = new URL(`../${path}`, import.meta.url);
  if (!process.argv.includes('--check')) {
    writeFileSync(file, wanted);
    return;
  }
  if (readFileSync(file, 'utf8') === wanted) return;
  process.stderr.write(`${path} is out of date: run \`node --import tsx ${script}\`\n`);
  process.exitCode = 1;
}

export function inTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escapeCell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const escapeCell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
