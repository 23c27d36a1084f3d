/** RFS rules about `.extension/*.rfs.json`: what buyers are shown of each variable. Pure. */
import type { Node } from 'jsonc-parser';
import { quoted } from '../../printable.ts';
import { doubt, type Finding, problem, type Rule } from './finding.ts';
import { membersOf, readJson } from './json-text.ts';
import { folderOf, inFolder, type TemplateFile } from './template-package.ts';

const FOLDER = '.extension';
const ENDING = '.rfs.json';
const KNOWN = ['i18n', 'variables'];
const LANGUAGES = ['zh_cn', 'en_us'];
const TRANSLATED = ['variable_name', 'description', 'type'];

/** @param variables those that the template declares */
export function checkExtension(
  files: readonly TemplateFile[],
  root: string,
  variables: ReadonlySet<string>,
): Finding[] {
  const folder = inFolder(root, FOLDER);
  const all = files.filter(({ path }) => path.startsWith(`${folder}/`) && path.endsWith(ENDING));
  const direct = all.filter(({ path }) => folderOf(path) === folder);
  if (direct.length === 0)
    return [problem('extension-file', `There is no file ${FOLDER}/*${ENDING}.`), ...all.map(deeper)];
  const extra = direct
    .slice(1)
    .map(({ path: file }) => problem('extension-file', `There is more than one ${ENDING}.`, { file }));
  const deep = all.filter((file) => !direct.includes(file)).map(deeper);
  return [...extra, ...deep, ...direct.flatMap((file) => checkOne(file, variables))];
}

const deeper = ({ path: file }: TemplateFile) =>
  problem('extension-file', `It is not directly in ${FOLDER}.`, { file });

function checkOne({ path: file, text, hasBom }: TemplateFile, variables: ReadonlySet<string>): Finding[] {
  if (text === undefined) return [];
  const json = readJson(text);
  const found = hasBom ? [doubt('bom', 'It begins with a byte order mark.', { file })] : [];
  if (json.problems.length > 0 || json.root === undefined)
    return [
      ...found,
      ...json.problems.map(({ message, line }) => problem('syntax', `${message}.`, { file, line })),
    ];
  for (const { rule = 'extension-schema', isSure = true, message, node } of checkAll(json.root, variables))
    found.push((isSure ? problem : doubt)(rule, message, { file, line: json.lineOf(node) }));
  return found;
}

interface Remark {
  rule?: Rule;
  isSure?: boolean;
  message: string;
  node: Node;
}

const oneOf = (names: readonly string[], name: string) => `${quoted(name)} is none of ${names.join(', ')}.`;

function* checkAll(root: Node, variables: ReadonlySet<string>): Generator<Remark> {
  if (root.type !== 'object') return yield { message: 'It must be one object.', node: root };
  const members = membersOf(root);
  for (const { name, key, value } of members) {
    if (name === 'i18n') yield* checkLanguages(value, variables);
    else if (name !== 'variables') yield { message: oneOf(KNOWN, name), node: key, isSure: false };
    else if (value.type !== 'object' && value.type !== 'array')
      yield { message: 'variables must be an object or a list.', node: value };
  }
  if (!members.some(({ name }) => KNOWN.includes(name)))
    yield { message: 'It has neither i18n nor variables, so it does nothing.', node: root, isSure: false };
}

function* checkLanguages(i18n: Node, variables: ReadonlySet<string>): Generator<Remark> {
  if (i18n.type !== 'object') return yield { message: 'i18n must be an object.', node: i18n };
  for (const { name, key, value } of membersOf(i18n)) {
    if (!LANGUAGES.includes(name)) yield { message: oneOf(LANGUAGES, name), node: key };
    else if (value.type !== 'array') yield { message: `i18n.${name} must be a list.`, node: value };
    else for (const entry of value.children ?? []) yield* checkEntry(entry, variables);
  }
}

function* checkEntry(entry: Node, variables: ReadonlySet<string>): Generator<Remark> {
  const members = membersOf(entry);
  const named = members.find(({ name }) => name === 'variable_name');
  const variable: unknown = named?.value.value;
  if (typeof variable !== 'string')
    return yield { message: 'An entry needs variable_name, a text.', node: entry };
  if (members[0] !== named)
    yield { message: 'An entry begins with variable_name.', node: entry, isSure: false };
  if (!variables.has(variable)) {
    const message = `The template has no variable ${quoted(variable)}.`;
    yield { rule: 'extension-variable', message, node: entry, isSure: false };
  }
  const localization = members.find(({ name }) => name === 'localization');
  if (localization === undefined)
    yield { message: 'It translates nothing: there is no localization.', node: entry, isSure: false };
  else yield* checkLocalization(localization.value);
}

function* checkLocalization(localization: Node): Generator<Remark> {
  if (localization.type !== 'object')
    return yield { message: 'localization must be an object.', node: localization };
  for (const { name, key, value } of membersOf(localization)) {
    if (!TRANSLATED.includes(name)) yield { message: oneOf(TRANSLATED, name), node: key, isSure: false };
    else if (value.type !== 'string') yield { message: `${name} must be a text.`, node: value };
  }
}
