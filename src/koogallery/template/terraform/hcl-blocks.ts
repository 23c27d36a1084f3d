/** From the tree of a native file to blocks and attributes. */
import type { Node } from 'web-tree-sitter';
import {
  NESTING_MAX,
  type TfBlock,
  type TfMember,
  type TfProblem,
  type TfValue,
  TOO_DEEP,
} from './tf-file.ts';

type Report = (found: TfProblem) => void;
type Body = Pick<TfBlock, 'attributes' | 'blocks'>;

const lineOf = (node: Node) => node.startPosition.row + 1;

/** @param file the root of the tree. @param report is told what was too deep to be read */
export function readBody(file: Node, report: Report): TfBlock[] {
  const body = childOf(file, 'body');
  return body === undefined ? [] : bodyOf(body, 0, report).blocks;
}

function bodyOf(body: Node, depth: number, report: Report): Body {
  const read: Body = { attributes: [], blocks: [] };
  if (depth > NESTING_MAX) {
    report({ message: TOO_DEEP, line: lineOf(body) });
    return read;
  }
  let ended = -1;
  for (const node of named(body)) {
    // To the grammar a line's end is a space like any other; to Terraform it is not.
    if (node.startPosition.row === ended)
      report({ message: 'a line must end before this', line: lineOf(node) });
    ended = node.endPosition.row;
    if (node.type === 'attribute') read.attributes.push(attributeOf(node));
    else if (node.type === 'block') read.blocks.push(blockOf(node, depth, report));
  }
  return read;
}

function blockOf(block: Node, depth: number, report: Report): TfBlock {
  const [type, ...labels] = named(block).filter(({ type }) => type === 'identifier' || type === 'string_lit');
  const body = childOf(block, 'body');
  const start = childOf(block, 'block_start') ?? block;
  if (start.startPosition.row !== block.startPosition.row)
    report({ message: 'a block must begin on one line', line: lineOf(block) });
  return {
    type: type?.text ?? '',
    labels: labels.map((label) => (label.type === 'string_lit' ? literalOf(label) : label.text)),
    line: lineOf(block),
    ...(body === undefined ? { attributes: [], blocks: [] } : bodyOf(body, depth + 1, report)),
  };
}

function attributeOf(attribute: Node): TfMember {
  const value = childOf(attribute, 'expression');
  const name = childOf(attribute, 'identifier')?.text ?? '';
  return { name, line: lineOf(attribute), value: value === undefined ? {} : readValue(value, 0) };
}

/** What is deeper, or computed, has no value that is known here. */
function readValue(expression: Node, depth: number): TfValue {
  const node = unwrap(expression);
  if (depth > NESTING_MAX) return {};
  const [inner] = named(node);
  if (node.type === 'literal_value')
    return { text: inner?.type === 'string_lit' ? literalOf(inner) : node.text };
  if (node.type === 'template_expr' && inner !== undefined) return constantOf(inner);
  if (node.type === 'collection_value' && inner?.type === 'object')
    return { members: named(inner).flatMap((element) => memberOf(element, depth)) };
  if (node.type === 'collection_value' && inner?.type === 'tuple')
    return {
      items: named(inner).flatMap((each) => (each.type === 'expression' ? readValue(each, depth + 1) : [])),
    };
  const [, variable] = /^var\.([\w-]+)$/.exec(node.text) ?? [];
  return variable === undefined ? {} : { variable };
}

/** An expression in parentheses is that expression. */
function unwrap(expression: Node): Node {
  for (let node = expression; ; ) {
    const [only, ...others] = named(node);
    if (node.type !== 'expression' || only === undefined || others.length > 0) return node;
    node = only;
  }
}

function memberOf(element: Node, depth: number): TfMember[] {
  const [key, value] = [element.childForFieldName('key'), element.childForFieldName('val')];
  if (key === null || value === null) return [];
  const name = readValue(key, depth + 1).text ?? key.text;
  return [{ name, line: lineOf(element), value: readValue(value, depth + 1) }];
}

/** Of a heredoc, or of a string with interpolations: these are no constants. */
function constantOf(template: Node): TfValue {
  const parts = named(template);
  if (parts.some(({ type }) => /^template_(interpolation|directive)$/.test(type))) {
    const [, variable] = /^"\$\{\s*var\.([\w-]+)\s*\}"$/.exec(template.text) ?? [];
    return variable === undefined ? {} : { variable };
  }
  return { text: parts.flatMap(({ type, text }) => (type === 'template_literal' ? text : [])).join('') };
}

function literalOf(string: Node): string {
  const raw = childOf(string, 'template_literal')?.text ?? '';
  return raw.replace(/\\(["\\])/g, '$1');
}

const named = (node: Node): Node[] =>
  node.namedChildren.filter((child) => child !== null && child.type !== 'comment');

const childOf = (node: Node, type: string): Node | undefined =>
  node.namedChildren.find((child) => child?.type === type) ?? undefined;
