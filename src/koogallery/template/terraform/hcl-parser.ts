/** Reads native syntax (`.tf`) with the Terraform grammar of tree-sitter, which is WebAssembly and asks no network. */
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { Language, type Node, Parser, type Tree, type TreeCursor } from 'web-tree-sitter';
import { readBody } from './hcl-blocks.ts';
import { PROBLEMS_MAX, type TfCall, type TfFile, type TfProblem } from './tf-file.ts';

const GRAMMAR = '@tree-sitter-grammars/tree-sitter-hcl/tree-sitter-terraform.wasm';
const END_DIGITS = 32;

type Read = Pick<TfFile, 'calls' | 'problems'>;

export interface HclParser {
  /** @param path as the zip names it */
  parse(path: string, text: string): TfFile;
  /** Reads a string of JSON syntax, in which `${…}` and `%{…}` mean the same. Lines count from 1 within it. */
  parseTemplate(text: string): Read;
}

let opened: Promise<HclParser> | undefined;

/** One for the process: the grammar is compiled once. */
export function openHclParser(): Promise<HclParser> {
  opened ??= open();
  return opened;
}

async function open(): Promise<HclParser> {
  await Parser.init();
  const parser = new Parser();
  parser.setLanguage(await Language.load(createRequire(import.meta.url).resolve(GRAMMAR)));
  return {
    parse: (path, text) =>
      withTree(parser, text, (tree) => {
        const { calls, problems } = walk(tree);
        const blocks = readBody(tree.rootNode, (found) => problems.push(found));
        return { path, blocks, calls, problems };
      }),
    parseTemplate: (text) =>
      withTree(parser, asHeredoc(text), (tree) => {
        const { calls, problems } = walk(tree);
        return { calls: calls.map(lineBefore), problems: problems.map(lineBefore) };
      }),
  };
}

function withTree<T>(parser: Parser, text: string, read: (tree: Tree) => T): T {
  const tree = parser.parse(text);
  // Only a parser without a language, or one that was told to stop, gives none.
  if (tree === null) throw new Error('the parser gave no tree');
  try {
    return read(tree);
  } finally {
    tree.delete();
  }
}

/** A heredoc is the only form in which any text can stand as it is. No text has its own digest in it, which would end it. */
function asHeredoc(text: string): string {
  const end = `END${createHash('sha256').update(text).digest('hex').slice(0, END_DIGITS)}`;
  return `x = <<${end}\n${text}\n${end}\n`;
}

const lineBefore = <T extends { line: number }>(found: T): T => ({ ...found, line: found.line - 1 });

/** What the grammar could not read, and what it reads though Terraform does not: quotes around more than a line. */
function isMistake(cursor: TreeCursor): boolean {
  if (cursor.nodeType !== 'template_literal') return cursor.nodeType === 'ERROR' || cursor.nodeIsMissing;
  return cursor.startPosition.row !== cursor.endPosition.row && isInQuotes(cursor.currentNode);
}

/** Of a heredoc, or of what stands between its directives, a text may have lines. */
function isInQuotes(text: Node): boolean {
  let node = text.parent;
  while (node !== null && /^template_(directive|if|for)/.test(node.type)) node = node.parent;
  return node?.type === 'string_lit' || node?.type === 'quoted_template';
}

/** Goes through the whole tree, which may be deeper than the stack of this process. */
function walk(tree: Tree): Read {
  const calls: TfCall[] = [];
  const problems: TfProblem[] = [];
  const cursor = tree.walk();
  try {
    for (;;) {
      const line = cursor.startPosition.row + 1;
      if (cursor.nodeType === 'function_call')
        calls.push({ name: cursor.currentNode.firstNamedChild?.text ?? '', line });
      else if (isMistake(cursor) && problems.at(-1)?.line !== line)
        problems.push({ message: 'this cannot be read as HCL', line });
      if (problems.length > PROBLEMS_MAX) return { calls, problems };
      if (cursor.gotoFirstChild()) continue;
      while (!cursor.gotoNextSibling()) if (!cursor.gotoParent()) return { calls, problems };
    }
  } finally {
    cursor.delete();
  }
}
