import { z } from 'zod';
import { jsonForScript } from '../../redis/json.ts';
import { type Instance, type InstanceKind, parseFlat } from './instance-record.ts';
import { type CallFacts, callForScript } from './note-call.ts';
import { type ChannelAccess, defineChannelScript, runChannelScript } from './scripts.ts';
import type { TaskType } from './task-record.ts';

interface About {
  /** Of the instance. */
  id: string;
  task: TaskType;
  /** Fields of the instance that change with it; times in milliseconds. */
  set?: Readonly<Record<string, string>>;
  /** Nobody needs to do the task: it counts as done at once, and a new instance as ready. */
  settles?: boolean;
}

/** What a call asks for. */
export type Change =
  /**
   * An instance for an order, if it has none; `id` is the one that it would get. `orderKeys`: both keys under which it may be
   * known, the one that holds now among them; what is known by the order alone counts if it has this product, or none.
   */
  | (About & {
      op: 'create';
      kind: InstanceKind;
      orderKey: string;
      orderKeys?: { byOrder: string; byProduct: string };
      takesLicense?: boolean;
    } & Timed)
  /**
   * Another end. `revives`: the task that is added if it is frozen, and the end is ahead. `leavesSku`: with another
   * product, the SKU is not known any more.
   */
  | (About & { op: 'refresh'; dedupe: string; revives?: TaskType; leavesSku?: boolean } & Adopting & Timed)
  | (About & { op: 'freeze' | 'unfreeze' | 'release' } & Adopting & Timed)
  /**
   * A task without a change of state. `orderKey`: it is about the instance of this order, if there is one. `opens`: what it
   * becomes if there is no instance. `harmless`: fine after a release, and where nothing was ever known. `passing`: there is no
   * end to such calls, so their keys are kept for 90 days, and what is a month old and has no nonce is refused.
   */
  | (About & {
      op: 'note';
      dedupe: string;
      orderKey?: string;
      opens?: InstanceKind;
      harmless?: boolean;
      passing?: boolean;
    } & Timed);

/** An instance that was never seen exists all the same: the marketplace issues such licenses itself. */
interface Adopting {
  adopts?: boolean;
  kind?: InstanceKind;
}

/** By what an old call that is sent again is known where calls have no nonce: then it sets no state. */
interface Timed {
  /** When the marketplace made the call, in milliseconds since 1970. */
  saidAt?: number | undefined;
}

export const VERDICTS = [
  'accepted',
  'repeated',
  'unknown',
  'released',
  'exhausted',
  'replayed',
  'taken',
  'late',
] as const;
export type Verdict = (typeof VERDICTS)[number];

/** The code for each verdict; `waiting` and `failed` instead, for an instance that is not ready, or never will be. */
export type Codes = Readonly<Record<Exclude<Verdict, 'taken' | 'late'>, string>> & {
  waiting?: string;
  failed?: string;
};

const resultSchema = z.object({
  verdict: z.enum(VERDICTS),
  code: z.string(),
  /** The instance; empty if there is none. */
  id: z.string(),
  /** Of the task that this call led to, or its first appearance; 0 if there is none. */
  version: z.number(),
  /** After this. */
  instance: z.array(z.string()).transform(parseFlat),
  /** The clock of Redis, in milliseconds since 1970. */
  now: z.number(),
});

export interface Accepted {
  verdict: Verdict;
  code: string;
  id: string;
  version: number;
  instance: Instance | undefined;
  now: number;
}

export const acceptScript = defineChannelScript(new URL('./accept.lua', import.meta.url), {
  needs: 'changes',
  decode: resultSchema.parse,
});

export interface Acceptance {
  change: Change;
  /** What the call said, personal data sealed: kept with the task. */
  fields: Readonly<Record<string, unknown>>;
  call: CallFacts;
  codes: Codes;
  /** After which nothing is done any more, by the clock of Redis, and what the caller was told then. */
  deadline?: { at: number; code: string } | undefined;
}

/**
 * Makes the change that a call asks for, in one step with its audit. A call that comes again changes nothing.
 * `taken`: nothing was written, because the id that was proposed belongs to another order.
 * `late`: nothing but the audit was written.
 */
export function accept(
  channel: ChannelAccess,
  { change, fields, call, codes, deadline }: Acceptance,
): Promise<Accepted> {
  const values = [
    jsonForScript({ set: {}, ...change }),
    jsonForScript(fields),
    callForScript(call),
    jsonForScript(codes),
    ...(deadline === undefined ? [] : [deadline.at, deadline.code]),
  ];
  return runChannelScript(acceptScript, channel, values);
}
