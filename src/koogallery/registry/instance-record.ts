/** An instance as Redis holds it, in a hash of texts, and as the rest of the program reads it. */
import { z } from 'zod';
import { type InstanceState, stateOf, WANTED } from './instance-state.ts';

/** `order`: not an instance, but news of an order of which no instance is known. */
export const INSTANCE_KINDS = ['saas', 'license', 'order'] as const;
export type InstanceKind = (typeof INSTANCE_KINDS)[number];

const time = z.coerce.number();

/** JSON that somebody else may have written: what cannot be read counts as absent. */
const json = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((text) => {
    try {
      return JSON.parse(String(text));
    } catch {
      return undefined;
    }
  }, schema.optional());

const customerRowSchema = z.object({ account: z.string(), batch: z.string(), row: z.number() });
/** A row of the main job. */
export type CustomerRow = z.output<typeof customerRowSchema>;

const recordSchema = z.object({
  id: z.string(),
  kind: z.enum(INSTANCE_KINDS),
  wanted: z.enum(WANTED),
  /** Of its newest task. */
  version: z.coerce.number(),
  /** All tasks up to this version are over. */
  settled: z.coerce.number(),
  /** Times are in milliseconds since 1970. */
  createdAt: time,
  readyAt: time.optional(),
  expireAt: time.optional(),
  orderId: z.string().optional(),
  orderLineId: z.string().optional(),
  productId: z.string().optional(),
  skuCode: z.string().optional(),
  /** Ids and names; `mobilePhone` and `email` are sealed. */
  buyer: json(z.record(z.string(), z.string())),
  /** Fields of the create call, or the order as the marketplace tells it. */
  order: json(z.record(z.string(), z.unknown())),
  /** Sealed JSON; see `access.ts`. */
  access: z.string().optional(),
  /** The code of an old license. */
  license: z.string().optional(),
  /** Why its create was refused for good. */
  refusal: z.string().optional(),
  /** What a buyer typed into its form, sealed; see `form-record.ts`. */
  form: z.string().optional(),
  formAt: time.optional(),
  /** Fields of a customer that nobody has told yet; present exactly while it waits for them. */
  missing: json(z.array(z.string())),
  /** Why what was told before was refused. */
  problems: json(z.array(z.object({ field: z.string().optional(), code: z.string() }))),
  /** The row that it became. */
  customer: json(customerRowSchema),
  /** Set from when its data were complete until it is registered. */
  registering: z.string().optional(),
  /** Names the data that were added to the main job last; the number rises where the same are added once more. */
  dataKey: z.string().optional(),
  dataNumber: z.coerce.number().default(0),
  /** Tasks of it that were refused for good. */
  refused: z.coerce.number().default(0),
});

export interface Instance extends z.output<typeof recordSchema> {
  state: InstanceState;
}

/** @returns undefined for no fields: it was never seen */
export function parseInstance(fields: Readonly<Record<string, string>>): Instance | undefined {
  if (fields.id === undefined) return undefined;
  const record = recordSchema.parse(fields);
  return { ...record, state: stateOf(record) };
}

/** The same of a flat list of names and values, as a script returns it. */
export function parseFlat(flat: readonly string[]): Instance | undefined {
  const fields: Record<string, string> = {};
  for (let index = 0; index + 1 < flat.length; index += 2) fields[flat[index] ?? ''] = flat[index + 1] ?? '';
  return parseInstance(fields);
}
