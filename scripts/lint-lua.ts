/**
 * Lints every Lua script exactly as it is sent to Redis: with its prelude and its includes. A script is found beside the
 * module that exports it; a file that no script sends fails the check too. Needs luacheck.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { LuaScript, type ScriptPart } from '../src/redis/script.ts';
import { listLuaFiles } from './lua-files.ts';

const OPTIONS = ['--std', 'lua51', '--read-globals', 'redis', 'cjson', 'KEYS', 'ARGV'];
const FORMAT = ['--formatter', 'plain', '--codes', '--max-line-length', '130'];

const files = listLuaFiles();
const scripts = (await Promise.all(files.map(importScripts))).flat();
// What several scripts include is found once for each of them.
const problems = new Set([...scripts.flatMap(lint), ...findUnsent()]);
for (const problem of problems) process.stderr.write(`${problem}\n`);
if (problems.size > 0) process.exitCode = 1;
else process.stdout.write(`luacheck: ${scripts.length} scripts of ${files.length} files, nothing found\n`);

async function importScripts(path: string): Promise<LuaScript<unknown>[]> {
  const beside = path.replace(/\.lua$/, '.ts');
  // An included file has no module of its own.
  if (!existsSync(beside)) return [];
  const exported: Record<string, unknown> = await import(pathToFileURL(beside).href);
  return Object.values(exported).filter((value) => value instanceof LuaScript);
}

function lint(script: LuaScript<unknown>): string[] {
  const parts = script.readParts();
  const input = parts.map(({ text }) => text).join('');
  const { error, stdout, stderr } = spawnSync('luacheck', [...OPTIONS, ...FORMAT, '-'], {
    input,
    encoding: 'utf8',
  });
  if (error !== undefined) return [`luacheck cannot be run: apt-get install lua-check (${error.message})`];
  if (stderr !== '') return [stderr.trim()];
  return stdout.split('\n').flatMap((line) => locate(line, script, parts));
}

/** `stdin:12:5: …` with the file and the line from which that line of the script comes. */
function locate(line: string, script: LuaScript<unknown>, parts: readonly ScriptPart[]): string[] {
  const [, number, rest] = /^stdin:(\d+):(.*)$/.exec(line) ?? [];
  if (number === undefined) return [];
  let left = Number(number);
  for (const { path, text } of parts) {
    const lines = text.split('\n').length - 1;
    if (left <= lines)
      return [`${path === undefined ? `prelude of ${script.name}` : relative('', path)}:${left}:${rest}`];
    left -= lines;
  }
  return [`${script.name}: ${line}`];
}

function findUnsent(): string[] {
  const sent = new Set(scripts.flatMap((script) => script.readParts().map(({ path }) => path)));
  return files
    .filter((path) => !sent.has(path))
    .map((path) => `${relative('', path)}: no script sends this file`);
}
