/** Values for what an OpenAPI document describes: those that fit, and those that somebody might send instead. */
import fc from 'fast-check';
import type { Document } from './openapi.ts';

type Schema = Record<string, unknown>;
/** Values that mean something, by the names of properties. */
export type Known = Record<string, readonly unknown[]>;

const ITEMS_MAX = 4;
const CHARACTERS_MAX = 40;

/** Nothing that anybody was asked for. */
export const hostile: fc.Arbitrary<unknown> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: CHARACTERS_MAX }),
  fc.constantFrom<unknown>(
    '',
    ' ',
    '__proto__',
    'constructor',
    '../..',
    '%00',
    '\ud800',
    '\'"<script>',
    'x'.repeat(3_000),
  ),
  fc.constantFrom<unknown>(null, true, -1, 0, 1e308, Number.MAX_SAFE_INTEGER, [], {}, [[]], {
    a: { b: [1] },
  }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

/** Mostly what fits the schema. */
export function givenFor(schema: Schema, document: Document, known: Known = {}): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 5, arbitrary: fitting(schema, document, known) },
    { weight: 1, arbitrary: hostile },
  );
}

function fitting(schema: Schema, document: Document, known: Known = {}): fc.Arbitrary<unknown> {
  const {
    $ref,
    enum: words,
    anyOf,
    examples,
  } = schema as { $ref?: string; enum?: unknown[]; anyOf?: Schema[]; examples?: unknown[] };
  if ($ref !== undefined)
    return fitting(document.components.schemas[$ref.split('/').at(-1) ?? ''], document, known);
  if (words !== undefined) return fc.constantFrom(...words);
  if (anyOf !== undefined) return fc.oneof(...anyOf.map((each) => fitting(each, document, known)));
  const made = ofType(schema, document, known);
  return examples === undefined ? made : fc.oneof(fc.constantFrom(...examples), made);
}

function ofType(schema: Schema, document: Document, known: Known = {}): fc.Arbitrary<unknown> {
  const {
    minimum = 0,
    maximum = 1_000_000,
    minLength = 0,
    maxLength = CHARACTERS_MAX,
  } = schema as Record<string, number>;
  switch (schema.type) {
    case 'string':
      if (schema.format === 'date-time')
        return fc
          .date({ noInvalidDate: true, min: new Date(0), max: new Date('2099-12-31') })
          .map((date) => date.toISOString());
      return fc.string({ minLength, maxLength: Math.min(maxLength, CHARACTERS_MAX) });
    case 'integer':
      return fc.integer({ min: minimum, max: Math.min(maximum, 2 ** 31 - 1) });
    case 'number':
      return fc.double({ min: minimum, max: maximum, noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'array':
      return fc.array(givenFor(schema.items as Schema, document, known), { maxLength: ITEMS_MAX });
    case 'object':
      return fittingObject(schema, document, known);
    default:
      return hostile;
  }
}

export function fittingObject(schema: Schema, document: Document, known: Known = {}): fc.Arbitrary<unknown> {
  const properties = Object.entries((schema.properties ?? {}) as Record<string, Schema>);
  const values = Object.fromEntries(
    properties.map(([name, each]) => {
      const any = givenFor(each, document, known);
      const values = known[name];
      return [name, values ? fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...values) }, any) : any];
    }),
  );
  return fc.record(values, { requiredKeys: (schema.required ?? []) as string[] });
}
