/** RFS rules about modules: only local ones, not too many, not too deep. Pure. */
import { posix } from 'node:path';
import { quoted } from '../../printable.ts';
import { type Finding, problem } from './finding.ts';
import { folderOf } from './template-package.ts';
import type { TfFile } from './terraform/tf-file.ts';

const MODULES_MAX = 25;
const LEVELS_MAX = 3;
/** Each call counts as often as the module around it is called; with every level that can be many. */
const COUNTED_MAX = 1000;

interface Call {
  file: string;
  line: number;
  name: string;
  source: string | undefined;
  /** Of the package; undefined if the source leads to none. */
  folder: string | undefined;
}

/** @param files all of the package. @param root the folder that has the template */
export function checkModules(files: readonly TfFile[], root: string): Finding[] {
  const calls = new Map<string, Call[]>();
  for (const file of files) {
    const folder = folderOf(file.path);
    calls.set(folder, [...(calls.get(folder) ?? []), ...callsIn(file)]);
  }
  const found = [...calls.values()].flat().flatMap((call) => checkSource(call, calls));
  const tree = new ModuleTree(calls);
  tree.descend(root, []);
  return [...found, ...tree.findings()];
}

function callsIn({ path: file, blocks }: TfFile): Call[] {
  return blocks
    .filter(({ type }) => type === 'module')
    .map(({ labels: [name = ''], line, attributes }) => {
      const source = attributes.find((each) => each.name === 'source')?.value.text;
      const isLocal = source !== undefined && /^\.\.?(\/|$)/.test(source);
      const folder = isLocal ? posix.join(folderOf(file), source).replace(/\/$/, '') : undefined;
      return { file, line, name, source, folder: folder === '.' ? '' : folder };
    });
}

function checkSource(
  { file, line, name, source, folder }: Call,
  folders: ReadonlyMap<string, unknown>,
): Finding[] {
  const say = (message: string) => [problem('module-source', message, { file, line })];
  if (source === undefined) return say(`The source of module ${quoted(name)} is not a constant text.`);
  if (folder === undefined) return say(`${quoted(withoutUser(source))} is not local.`);
  if (folder.split('/')[0] === '..') return say(`${quoted(source)} leads out of the package.`);
  return folders.has(folder) ? [] : say(`There is no module in ${quoted(source)}.`);
}

/** An address of a repository may hold a password. */
const withoutUser = (source: string) => source.replace(/\/\/[^/@]*@/, '//…@');

class ModuleTree {
  private count = 0;
  private readonly tooDeep = new Map<Call, string>();

  private readonly calls: ReadonlyMap<string, readonly Call[]>;

  constructor(calls: ReadonlyMap<string, readonly Call[]>) {
    this.calls = calls;
  }

  descend(folder: string, above: readonly string[]): void {
    for (const call of this.calls.get(folder) ?? []) {
      this.count++;
      if (this.count > COUNTED_MAX) return;
      const path = [...above, folder];
      if (call.folder === undefined) continue;
      if (path.includes(call.folder)) this.tooDeep.set(call, 'calls itself, without end');
      else if (path.length > LEVELS_MAX) this.tooDeep.set(call, `is ${path.length} levels down`);
      else this.descend(call.folder, path);
    }
  }

  findings(): Finding[] {
    const found = Array.from(this.tooDeep, ([{ name, file, line }, what]) =>
      problem('module-nesting', `Module ${quoted(name)} ${what}.`, { file, line }),
    );
    if (this.count <= MODULES_MAX) return found;
    const count = this.count > COUNTED_MAX ? `more than ${COUNTED_MAX}` : this.count;
    const message = `It has ${count} modules, each counted as often as it is called; the Chinese page says that 50 are taken.`;
    return [...found, problem('module-count', message)];
  }
}
