/** Checks an RFS auto-deploy template. Whether the marketplace accepts it, only the marketplace knows. */

import type { Finding } from './finding.ts';
import { readPackage } from './read-package.ts';
import { checkExtension } from './rules-of-extension.ts';
import { checkModules } from './rules-of-modules.ts';
import { checkFiles, checkSizes, findRoot } from './rules-of-package.ts';
import { checkRoot, variablesOf } from './rules-of-root.ts';
import { checkSecrets } from './rules-of-secrets.ts';
import { checkTerraform } from './rules-of-terraform.ts';
import { folderOf, type TemplateFile, type TemplatePackage } from './template-package.ts';
import { type HclParser, openHclParser } from './terraform/hcl-parser.ts';
import { parseTfJson } from './terraform/parse-tf-json.ts';
import type { TfFile } from './terraform/tf-file.ts';

export interface LintReport {
  /** As it was given. */
  file: string;
  /** Whose rules these are; never those of the marketplace. */
  rules: 'RFS';
  /** Undefined if the package could not be read; then it was not checked further. */
  content?: { packedBytes: number; unpackedBytes: number; files: number };
  findings: Finding[];
  counts: { error: number; warning: number };
  /** No error was found in what could be checked. */
  hasPassed: boolean;
}

/** @throws AppError INPUT_UNREADABLE if there is no such file */
export async function lintTemplate(file: string): Promise<LintReport> {
  const { content, findings } = await readPackage(file);
  if (content !== undefined) findings.push(...checkPackage(content, await openHclParser()));
  findings.sort(byPlace);
  const count = (severity: Finding['severity']) =>
    findings.filter((found) => found.severity === severity).length;
  const counts = { error: count('error'), warning: count('warning') };
  const size = content && {
    packedBytes: content.packedBytes,
    unpackedBytes: content.unpackedBytes,
    files: content.fileCount,
  };
  const hasPassed = counts.error === 0;
  return { file, rules: 'RFS', ...(size && { content: size }), findings, counts, hasPassed };
}

/** Every rule, of a package that could be read. */
export function checkPackage(content: TemplatePackage, parser: HclParser): Finding[] {
  const { files } = content;
  const found = checkSizes(content);
  if (!content.wasInflated) return found;
  const root = findRoot(files);
  const tf = files.flatMap((file) => parseFile(file, parser) ?? []);
  const ofRoot = tf.filter(({ path }) => folderOf(path) === root);
  return [
    ...found,
    ...checkFiles(files, root),
    ...checkExtension(files, root, variablesOf(ofRoot)),
    ...tf.flatMap(checkTerraform),
    ...checkRoot(ofRoot),
    ...checkModules(tf, root),
    ...checkSecrets(files, tf),
  ];
}

function parseFile({ path, text }: TemplateFile, parser: HclParser): TfFile | undefined {
  if (text === undefined) return undefined;
  if (path.endsWith('.tf')) return parser.parse(path, text);
  return path.endsWith('.tf.json') ? parseTfJson(path, text, parser) : undefined;
}

/** The package first, then file by file, from the top down. */
function byPlace(a: Finding, b: Finding): number {
  const [one = '', other = ''] = [a.file, b.file];
  if (one !== other) return one < other ? -1 : 1;
  return (a.line ?? 0) - (b.line ?? 0) || a.rule.localeCompare(b.rule);
}
