/** JSON with the place of everything in it, from anybody: strict, and never deeper than the stack of this process. */
import { createScanner, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { NESTING_MAX, PROBLEMS_MAX, type TfProblem, TOO_DEEP } from './terraform/tf-file.ts';

export interface JsonText {
  /** Undefined if there is nothing that can be read. */
  root: Node | undefined;
  problems: TfProblem[];
  lineOf(node: Pick<Node, 'offset'>): number;
}

export function readJson(text: string): JsonText {
  const lineAt = lineFinder(text);
  const lineOf = ({ offset }: Pick<Node, 'offset'>) => lineAt(offset);
  const deep = findTooDeep(text);
  if (deep !== undefined)
    return { root: undefined, problems: [{ message: TOO_DEEP, line: lineAt(deep) }], lineOf };
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  const problems = errors.slice(0, PROBLEMS_MAX).map(({ error, offset }) => ({
    message: `this is not JSON (${printParseErrorCode(error)})`,
    line: lineAt(offset),
  }));
  return { root, problems, lineOf };
}

/** @returns where; found by the words alone, because whoever builds a tree goes down with it */
function findTooDeep(text: string): number | undefined {
  const { OpenBraceToken, OpenBracketToken, CloseBraceToken, CloseBracketToken, EOF } = SYNTAX;
  const scanner = createScanner(text, true);
  let depth = 0;
  for (let kind = scanner.scan(); kind !== EOF; kind = scanner.scan()) {
    if (kind === OpenBraceToken || kind === OpenBracketToken) depth++;
    if (kind === CloseBraceToken || kind === CloseBracketToken) depth--;
    if (depth > NESTING_MAX) return scanner.getTokenOffset();
  }
  return undefined;
}

/** `SyntaxKind` is declared as a constant enumeration, which is not there when the program runs without a compiler. */
const SYNTAX = {
  OpenBraceToken: 1,
  CloseBraceToken: 2,
  OpenBracketToken: 3,
  CloseBracketToken: 4,
  EOF: 17,
} as const satisfies Partial<Record<keyof typeof import('jsonc-parser').SyntaxKind, number>>;

function lineFinder(text: string): (offset: number) => number {
  const starts = [0, ...Array.from(text.matchAll(/\n/g), ({ index }) => index + 1)];
  return (offset) => {
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}

/** A member of an object: its key, and its value if it has one. */
export interface JsonMember {
  name: string;
  key: Node;
  value: Node;
}

/** Of an object, in the order of the text, each as often as it is there; none of anything else. */
export function membersOf(node: Node | undefined): JsonMember[] {
  if (node?.type !== 'object') return [];
  return (node.children ?? []).flatMap(({ children: [key, value] = [] }) =>
    key === undefined || value === undefined ? [] : { name: String(key.value), key, value },
  );
}

/** The elements of a list, or the one thing that stands for a list of one. */
export const eachOf = (node: Node): Node[] => (node.type === 'array' ? (node.children ?? []) : [node]);
