/** RFS rules about the package as a whole: sizes, files that must and must not be there, encodings. Pure. */
import { isJunk } from '../../source/zip-names.ts';
import { doubt, type Finding, problem } from './finding.ts';
import { folderOf, inFolder, nameOf, type TemplateFile, type TemplatePackage } from './template-package.ts';

const BYTES_MAX = 1024 * 1024;
/** The pages say 1 MB, and not which. */
const BYTES_SURE = 1_000_000;
const FILES_MAX = 100;
const REQUIRED = ['main', 'outputs', 'providers', 'variables', 'versions'];
const STATE = /\.tfstate(\.backup)?$/;

export function checkSizes(content: TemplatePackage): Finding[] {
  const { fileCount, entryCount } = content;
  const found = [
    ...checkBytes('packed-size', content.packedBytes, 'It'),
    ...checkBytes('unpacked-size', content.unpackedBytes, 'Unpacked, it'),
  ];
  if (!content.wasInflated)
    found.push(problem('unpacked-size', 'That is too much to read: no other rule was checked.'));
  if (fileCount > FILES_MAX) found.push(problem('file-count', `It has ${fileCount} files.`));
  else if (entryCount > FILES_MAX)
    found.push(doubt('file-count', `With its folders, it has ${entryCount} entries; RFS may count them.`));
  return found;
}

function checkBytes(rule: 'packed-size' | 'unpacked-size', bytes: number, what: string): Finding[] {
  const message = `${what} has ${bytes} bytes.`;
  if (bytes > BYTES_MAX) return [problem(rule, message)];
  return bytes > BYTES_SURE ? [doubt(rule, `${message} 1 MB may mean 1,000,000.`)] : [];
}

/** @returns the only folder of a package that was packed with its folder; `` if it was packed as it should be */
export function findRoot(files: readonly TemplateFile[]): string {
  const ours = files.filter(({ path }) => !isJunk(path));
  const [root = ''] = (ours[0]?.path ?? '').split('/');
  const isAll = ours.every(({ path }) => path.startsWith(`${root}/`));
  const hasTemplate = ours.some(({ path }) => folderOf(path) === root && /\.tf(\.json)?$/.test(path));
  return isAll && hasTemplate ? root : '';
}

export function checkFiles(files: readonly TemplateFile[], root: string): Finding[] {
  const paths = new Set(files.map(({ path }) => path));
  const found =
    root === '' ? [] : [problem('root-folder', 'Everything in it is in one folder.', { file: root })];
  for (const name of REQUIRED) {
    const path = inFolder(root, `${name}.tf`);
    if (!paths.has(path) && !paths.has(`${path}.json`))
      found.push(problem('required-file', `There is no ${name}.tf.`));
  }
  return [...found, ...files.flatMap(checkFile)];
}

function checkFile({ path: file, text, hasBom }: TemplateFile): Finding[] {
  const name = nameOf(file);
  if (isJunk(file)) return [problem('encoding', 'This is a file of macOS or Windows.', { file })];
  if (name.endsWith('.tfvars')) return [problem('tfvars', 'Files of values are refused.', { file })];
  if (text === undefined) return [problem('encoding', 'It is not UTF-8.', { file })];
  const found: Finding[] = [];
  if (name.endsWith('.tfvars.json'))
    found.push(doubt('tfvars', 'Files of values are refused; whether in JSON too is not said.', { file }));
  if (hasBom && name.endsWith('.tf.json'))
    found.push(problem('bom', 'It begins with a byte order mark.', { file }));
  if (STATE.test(name)) found.push(problem('secret', 'A state keeps secrets as plain text.', { file }));
  return found;
}
