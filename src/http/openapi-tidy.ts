/** What the document need not say: which numbers JavaScript can hold, how a time is matched, schemas that nobody uses. Pure. */
type Node = Record<string, unknown>;

const REF = '#/components/schemas/';
/** What @fastify/swagger says of an answer of which nothing is said. */
const NOTHING_SAID = 'Default Response';

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

/** Changes the document. */
export function tidy<Document extends object>(document: Document): Document {
  const { components } = document as unknown as { components: { schemas: Record<string, Node> } };
  walk(document, (node) => {
    if (node.maximum === Number.MAX_SAFE_INTEGER) delete node.maximum;
    if (node.minimum === Number.MIN_SAFE_INTEGER) delete node.minimum;
    if (node.format === 'date-time') delete node.pattern;
    if (node.description === NOTHING_SAID) node.description = describe(node, components.schemas);
  });
  dropUnused(document, components.schemas);
  return document;
}

function walk(value: unknown, visit: (node: Node) => void): void {
  if (!isNode(value)) return;
  visit(value);
  for (const child of Object.values(value)) walk(child, visit);
}

/** An answer is what its schema is. */
function describe(answer: Node, schemas: Record<string, Node>): unknown {
  let found: unknown;
  walk(answer, ({ $ref }) => {
    if (typeof $ref === 'string') found ??= schemas[$ref.slice(REF.length)]?.description;
  });
  return found ?? 'What was asked for.';
}

function dropUnused(document: object, schemas: Record<string, Node>): void {
  for (;;) {
    const used = new Set<string>();
    walk(document, ({ $ref }) => {
      if (typeof $ref === 'string') used.add($ref.slice(REF.length));
    });
    const unused = Object.keys(schemas).filter((name) => !used.has(name));
    if (unused.length === 0) return;
    for (const name of unused) delete schemas[name];
  }
}
