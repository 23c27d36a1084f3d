/** The documents of the repository, as a reader of Markdown that is not ours reads them. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, posix } from 'node:path';
import GithubSlugger from 'github-slugger';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { visit } from 'unist-util-visit';

export interface Document {
  path: string;
  /** Where headings can be jumped to, as GitHub names them. */
  anchors: Set<string>;
  /** Of links and pictures to places in the repository, as they are written. */
  targets: { line: number; url: string }[];
  /** Fenced blocks. */
  blocks: { line: number; language: string; text: string }[];
  /** Code in sentences and tables. */
  codes: { line: number; text: string }[];
}

export function readDocuments(): Document[] {
  const files = execFileSync('git', ['ls-files', '*.md'], { encoding: 'utf8' });
  return files.trim().split('\n').map(readDocument);
}

function readDocument(path: string): Document {
  const slugger = new GithubSlugger();
  const read: Document = { path, anchors: new Set(), targets: [], blocks: [], codes: [] };
  visit(fromMarkdown(readFileSync(path, 'utf8')), (node) => {
    const line = node.position?.start.line ?? 0;
    if (node.type === 'heading') read.anchors.add(slugger.slug(textOf(node)));
    if ((node.type === 'link' || node.type === 'image') && !/^[a-z]+:/.test(node.url))
      read.targets.push({ line, url: node.url });
    if (node.type === 'code') read.blocks.push({ line, language: node.lang ?? '', text: node.value });
    // A bar in a table is written with a backslash.
    if (node.type === 'inlineCode') read.codes.push({ line, text: node.value.replaceAll('\\|', '|') });
  });
  return read;
}

/** @returns the file that a link leads to, from the root, and the heading in it */
export function placeOf({ path }: Document, url: string): { file: string; anchor: string } {
  const [file = '', anchor = ''] = url.split('#');
  return { file: file === '' ? path : posix.normalize(posix.join(dirname(path), decodeURI(file))), anchor };
}

function textOf(node: Parameters<typeof visit>[0]): string {
  let text = '';
  visit(node, (part) => {
    if ('value' in part) text += String(part.value);
  });
  return text;
}
