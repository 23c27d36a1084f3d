/**
 * Reads JSON syntax (`.tf.json`). Which objects are blocks, and how many labels each has, is not in the text: Terraform
 * knows it, and so do the tables here. Everything else is an attribute.
 */
import type { Node } from 'jsonc-parser';
import { eachOf, type JsonText, membersOf, readJson } from '../json-text.ts';
import type { HclParser } from './hcl-parser.ts';
import type { TfBlock, TfFile, TfMember, TfValue } from './tf-file.ts';

/** Types of blocks by the number of their labels. */
type Labels = Readonly<Record<string, number>>;

const TOP: Labels = {
  ...{ resource: 2, data: 2, ephemeral: 2 },
  ...{ module: 1, variable: 1, output: 1, provider: 1, check: 1 },
  ...{ terraform: 0, locals: 0, moved: 0, import: 0, removed: 0 },
};
const INSIDE: Readonly<Record<string, Labels>> = {
  resource: { provisioner: 1, connection: 0, lifecycle: 0 },
  removed: { provisioner: 1, connection: 0, lifecycle: 0 },
  terraform: { backend: 1, cloud: 0, required_providers: 0 },
  variable: { validation: 0 },
};
/** Attributes whose strings are taken as they stand; a string elsewhere is a template. */
const LITERAL: Readonly<Record<string, RegExp>> = {
  variable: /./,
  terraform: /./,
  backend: /./,
  required_providers: /./,
  module: /^(source|version)$/,
  output: /^description$/,
};
/** What people write to each other where JSON has no comments. */
const COMMENT = '//';

type Templates = Pick<HclParser, 'parseTemplate'>;

/** @param path as the zip names it */
export function parseTfJson(path: string, text: string, templates: Templates): TfFile {
  const json = readJson(text);
  const file: TfFile = { path, blocks: [], calls: [], problems: json.problems };
  if (json.root === undefined) return file;
  const reader = new Reader(file, json, templates);
  for (const body of eachOf(json.root)) {
    if (body.type === 'object') file.blocks.push(...reader.blocksOf(body));
    else file.problems.push({ message: 'this is not an object', line: json.lineOf(body) });
  }
  return file;
}

class Reader {
  private readonly file: TfFile;
  private readonly json: JsonText;
  private readonly templates: Templates;

  constructor(file: TfFile, json: JsonText, templates: Templates) {
    this.file = file;
    this.json = json;
    this.templates = templates;
  }

  blocksOf(file: Node): TfBlock[] {
    return membersOf(file).flatMap(({ name, value }) => {
      const labels = Object.hasOwn(TOP, name) ? TOP[name] : undefined;
      return labels === undefined ? [] : this.labelled(name, [], labels, value);
    });
  }

  /** Every level may be a list: of blocks, or of objects with labels for keys. */
  private labelled(type: string, labels: string[], missing: number, node: Node): TfBlock[] {
    return eachOf(node).flatMap((each) => {
      if (missing === 0) return [this.block(type, labels, each)];
      return membersOf(each)
        .filter(({ name }) => name !== COMMENT)
        .flatMap(({ name, value }) => this.labelled(type, [...labels, name], missing - 1, value));
    });
  }

  private block(type: string, labels: string[], node: Node): TfBlock {
    const block: TfBlock = { type, labels, line: this.json.lineOf(node), attributes: [], blocks: [] };
    const inside = INSIDE[type] ?? {};
    for (const { name, key, value } of membersOf(node)) {
      const count = Object.hasOwn(inside, name) ? inside[name] : undefined;
      if (name === COMMENT) continue;
      if (count !== undefined) block.blocks.push(...this.labelled(name, [], count, value));
      else block.attributes.push(this.member(name, key, value, LITERAL[type]?.test(name) === true));
    }
    return block;
  }

  private member(name: string, key: Node, value: Node, isLiteral: boolean): TfMember {
    return { name, line: this.json.lineOf(key), value: this.value(value, isLiteral) };
  }

  private value(node: Node, isLiteral: boolean): TfValue {
    if (node.type === 'array')
      return { items: (node.children ?? []).map((each) => this.value(each, isLiteral)) };
    if (node.type !== 'object') return this.text(node, isLiteral);
    const members = membersOf(node).map(({ name, key, value }) => {
      this.text(key, isLiteral);
      return this.member(name, key, value, isLiteral);
    });
    return { members };
  }

  private text(node: Node, isLiteral: boolean): TfValue {
    const text = String(node.value);
    if (isLiteral || node.type !== 'string' || !/[$%]\{/.test(text)) return { text };
    const line = this.json.lineOf(node);
    // A string of JSON is on one line, however many it means.
    const { calls, problems } = this.templates.parseTemplate(text);
    this.file.calls.push(...calls.map(({ name }) => ({ name, line })));
    if (problems.length > 0) this.file.problems.push({ message: 'this cannot be read as a template', line });
    const [, variable] = /^\$\{\s*var\.([\w-]+)\s*\}$/.exec(text) ?? [];
    return variable === undefined ? {} : { variable };
  }
}
