/**
 * What the peer listed of customers, beside what we know of them: an observation with its time. It decides nothing: no row,
 * no review and no claim is ever read from it. Kept only of customers whose submit counts.
 */
import { z } from 'zod';
import { accountKeys } from '../redis/keys.ts';
import type { LedgerAccess } from './access.ts';

/** Instances of one customer that are kept. */
const INSTANCES_MAX = 5;

const instanceSchema = z.object({
  instanceId: z.string().optional(),
  channelType: z.string().optional(),
  /** As the peer writes it; it does not say what words there are. */
  state: z.string().optional(),
  /** Name of the agreement, as the peer has it. */
  isvTerms: z.string().optional(),
});
type Instance = z.output<typeof instanceSchema>;

const observationSchema = z.object({
  /** When the look began that saw it last, in milliseconds since 1970. */
  at: z.number(),
  /** Generation of the peer that listed it. */
  generation: z.number(),
  instances: z.array(instanceSchema),
});
/** What the peer listed about a customer. */
export type Observation = z.output<typeof observationSchema>;

const lookSchema = z.object({
  at: z.coerce.number(),
  /** The page to ask for next, from 1. */
  page: z.coerce.number(),
  /** Entries of the pages before. */
  listed: z.coerce.number(),
  isOver: z.literal(['0', '1']).transform((flag) => flag === '1'),
});
/** One look at everything that the peer lists; it takes many pages, and may outlive the process that began it. */
export type Look = z.output<typeof lookSchema>;

/** The last look; undefined if there was none. */
export async function readLook({ redis, account }: LedgerAccess): Promise<Look | undefined> {
  const stored = await redis.hgetall(accountKeys(account).observing);
  return stored.at === undefined ? undefined : lookSchema.parse(stored);
}

export async function noteLook({ redis, account }: LedgerAccess, look: Look): Promise<void> {
  await redis.hset(accountKeys(account).observing, { ...look, isOver: look.isOver ? '1' : '0' });
}

/**
 * Keeps what one page of a look says; what an earlier look saw of the same customers is replaced.
 * @param instances at most a few thousand
 * @returns customers that are known here
 */
export async function keepObserved(
  { redis, account }: LedgerAccess,
  { at, generation }: Pick<Observation, 'at' | 'generation'>,
  instances: readonly (Instance & { custSpaceId: string })[],
): Promise<number> {
  const customers = [...new Set(instances.map(({ custSpaceId }) => custSpaceId))];
  if (customers.length === 0) return 0;
  const { submitted, observed } = accountKeys(account);
  const [facts, before] = await Promise.all([
    redis.hmget(submitted, ...customers),
    redis.hmget(observed, ...customers),
  ]);
  const known = customers.flatMap((custSpaceId, index) => {
    if (facts[index] === null) return [];
    const seen = parse(before[index]);
    const earlier = seen?.at === at ? seen.instances : [];
    const own = instances.filter((each) => each.custSpaceId === custSpaceId);
    // A page may repeat what the one before had, if the list has grown meanwhile.
    const all = new Map([...earlier, ...own].map((each) => [each.instanceId, instanceSchema.parse(each)]));
    const kept = [...all.values()].slice(0, INSTANCES_MAX);
    return [[custSpaceId, JSON.stringify({ at, generation, instances: kept } satisfies Observation)]];
  });
  if (known.length > 0) await redis.hset(observed, Object.fromEntries(known));
  return known.length;
}

/** What was observed of a customer last; undefined if it was never listed. */
export async function readObserved(
  { redis, account }: LedgerAccess,
  custSpaceId: string,
): Promise<Observation | undefined> {
  return parse(await redis.hget(accountKeys(account).observed, custSpaceId));
}

function parse(text: string | null | undefined): Observation | undefined {
  return text ? observationSchema.parse(JSON.parse(text)) : undefined;
}
