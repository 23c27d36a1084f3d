/** A channel of a test's own in the Redis of the run, and calls on it. */
import { type Accepted, accept, type Change, type Codes } from '../../../src/koogallery/registry/accept.ts';
import type { CallFacts } from '../../../src/koogallery/registry/note-call.ts';
import type { ChannelAccess } from '../../../src/koogallery/registry/scripts.ts';
import { connectTestRedis, uniqueName } from '../redis.ts';

export const CODES: Codes = {
  accepted: '000000',
  repeated: '000000',
  unknown: '000003',
  released: '000003',
  exhausted: '000100',
  replayed: '000001',
};

export function makeChannel(): ChannelAccess {
  return { redis: connectTestRedis(), slug: uniqueName() };
}

interface CallOptions {
  codes?: Codes;
  call?: Partial<CallFacts>;
  fields?: Record<string, unknown>;
}

export function doChange(
  channel: ChannelAccess,
  change: Change,
  { codes = CODES, call = {}, fields = { a: [] } }: CallOptions = {},
): Promise<Accepted> {
  const facts = { activity: 'any', isTest: false, line: {}, ...call };
  return accept(channel, { change, fields, call: facts, codes });
}

export const creation = (id: string, more: Partial<Change> = {}): Change =>
  ({
    op: 'create',
    kind: 'saas',
    id,
    orderKey: 'order-1 line-1',
    task: 'instance.create',
    ...more,
  }) as Change;

export const wish = (op: 'freeze' | 'unfreeze' | 'release', id: string, more: Partial<Change> = {}): Change =>
  ({ op, id, task: `instance.${op}`, ...more }) as Change;

export const refresh = (id: string, expireAt: number, more: Partial<Change> = {}): Change =>
  ({
    op: 'refresh',
    id,
    task: 'instance.refresh',
    dedupe: `order RENEWAL ${expireAt}`,
    revives: 'instance.unfreeze',
    set: { expireAt: String(expireAt) },
    ...more,
  }) as Change;
