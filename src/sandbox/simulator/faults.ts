/** Scripted misbehaviour: which call gets which fault, decided by rules in their order. */
import { z } from 'zod';
import type { SimulatedOperation } from './record.ts';

const FAULT_KINDS = [
  'delay',
  'dropBefore',
  'dropAfter',
  'hangBefore',
  'hangAfter',
  'status302',
  'status302Json',
  'html502',
  'empty500',
  'limitIn200',
  'truncated',
  'deniedDetailObject',
  'oddTexts',
  'expireString',
  'expireShort',
  'endpointWithScheme',
  'endpointWithBucket',
  'endpointForeign',
  'fieldMissing',
  'wrongEtag',
  'noEtag',
  'gzipBomb',
  'endlessBody',
  'slowBody',
  'error',
] as const;

export const faultRuleSchema = z.strictObject({
  operation: z.enum(['authorize', 'submit', 'put', 'list']),
  kind: z.enum(FAULT_KINDS),
  /** Applies to these calls of the operation, counted from 1. */
  ordinals: z.array(z.number().int().positive()).optional(),
  /** Applies to customers (for `put`: object keys, for `list`: pages) that match this pattern. */
  match: z.string().max(200).refine(isPattern, 'must be a regular expression').optional(),
  /** Applies to this share of the calls. */
  share: z.number().min(0).max(1).optional(),
  /** Applies at most this often. */
  times: z.number().int().positive().optional(),
  /** Only calls of this access key. */
  accessKeyId: z.string().optional(),
  /** For `delay`, in milliseconds. */
  delayMs: z.number().min(0).max(600_000).default(1000),
  /** For `error`; the message also for `oddTexts`. */
  code: z.string().default('InternalError'),
  status: z.number().int().min(200).max(599).default(400),
  message: z.string().default('Simulated.'),
});
export type FaultRule = z.output<typeof faultRuleSchema>;
export type FaultRuleInput = z.input<typeof faultRuleSchema>;

export interface FaultedCall {
  operation: SimulatedOperation;
  ordinal: number;
  subject: string;
  accessKeyId: string;
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}

export class FaultScript {
  #rules: { rule: FaultRule; left: number }[] = [];
  readonly #random: () => number;

  constructor(rules: readonly FaultRuleInput[] = [], random: () => number = Math.random) {
    this.#random = random;
    this.replace(rules);
  }

  replace(rules: readonly FaultRuleInput[]): void {
    this.#rules = rules.map((input) => {
      const rule = faultRuleSchema.parse(input);
      return { rule, left: rule.times ?? Number.POSITIVE_INFINITY };
    });
  }

  /** The fault of this call, if it has one; counts the rule's `times`. */
  next(call: FaultedCall): FaultRule | undefined {
    const entry = this.#rules.find((candidate) => candidate.left > 0 && this.#applies(candidate.rule, call));
    if (entry) entry.left--;
    return entry?.rule;
  }

  #applies(rule: FaultRule, call: FaultedCall): boolean {
    if (rule.operation !== call.operation) return false;
    if (rule.ordinals && !rule.ordinals.includes(call.ordinal)) return false;
    if (rule.match !== undefined && !new RegExp(rule.match).test(call.subject)) return false;
    if (rule.accessKeyId !== undefined && rule.accessKeyId !== call.accessKeyId) return false;
    return rule.share === undefined || this.#random() < rule.share;
  }
}
