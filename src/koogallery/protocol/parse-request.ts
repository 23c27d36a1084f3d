/** From the parameters of a call, whose signature is right, to what the marketplace wants. Pure. */
import { type Entrance, schemaOf } from './activities.ts';
import { dedupeKeyOf } from './dedupe.ts';
import { isTestFlag } from './fields.ts';
import type { Generation, MarketplaceRequest } from './intent.ts';
import type { JsonObject } from './json.ts';

/** A field, and what is wrong with it. The value is not repeated: it may be personal. */
export interface FieldProblem {
  field: string;
  problem: string;
}

/** `activity` is there for the audit even if nobody knows it, cut to 64 characters. Both refusals are answered `000002`. */
export type RequestParsing =
  | { ok: true; request: MarketplaceRequest }
  | { ok: false; reason: 'unknown-activity'; activity: string; isTest: boolean }
  | { ok: false; reason: 'invalid'; activity: string; isTest: boolean; problems: FieldProblem[] };

export interface ReceivedCall {
  generation: Generation;
  entrance: Entrance;
  /** The activity of a kit call, from its path: `kitActivityOf`. Elsewhere it is one of the parameters. */
  activity?: string | undefined;
  /** The decoded query, or the body. */
  params: Readonly<JsonObject>;
  /** Whether the channel has pay-per-use products. */
  sellsPayPerUse: boolean;
}

const ACTIVITY_LENGTH_MAX = 64;

export function parseRequest(call: ReceivedCall): RequestParsing {
  const { authToken: _, ...fields } = call.params;
  const named = call.activity ?? fields.activity;
  const activity = typeof named === 'string' ? named.slice(0, ACTIVITY_LENGTH_MAX) : '';
  const isTest = isTestFlag(fields.testFlag);
  const { generation, entrance, sellsPayPerUse } = call;
  const schema = schemaOf({ generation, entrance, activity });
  if (schema === undefined) return { ok: false, reason: 'unknown-activity', activity, isTest };
  const parsed = schema.safeParse(fields);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => ({
      field: path.join('.'),
      problem: message,
    }));
    return { ok: false, reason: 'invalid', activity, isTest, problems };
  }
  const dedupe = isTest ? undefined : dedupeKeyOf(parsed.data, sellsPayPerUse);
  return { ok: true, request: { ...parsed.data, generation, activity, isTest, fields, dedupe } };
}
