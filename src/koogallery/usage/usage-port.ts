/** What the registry knows for the rules of usage, and what usage says for the answers to buyers. */
import { type OpenChannel, sellsByUse } from '../channels.ts';
import type { UsageFigure } from '../protocol/answers.ts';
import type { Instance } from '../registry/instance-record.ts';
import { readInstances, readTasks } from '../registry/read-instance.ts';
import type { ChannelAccess } from '../registry/scripts.ts';
import { readUsageTotals } from './read-usage.ts';
import type { InstanceFacts } from './rules.ts';

const READ_AT_ONCE = 200;

/** What an instance has used so far, as the marketplace asks it of the receiver. */
export async function usageFiguresOf(access: ChannelAccess, instanceId: string): Promise<UsageFigure[]> {
  const totals = await readUsageTotals(access, instanceId);
  return totals.map(({ relatedInstanceId, value, until }) => ({
    relatedInstanceId,
    // A number of JSON: these have at most four places, and digits enough.
    value: Number(value),
    at: new Date(until),
  }));
}

/** By id; those that were never seen, or are only news of an order, are missing. */
export async function instanceFactsOf(
  access: ChannelAccess,
  channel: Pick<OpenChannel, 'chargingModes'>,
  ids: readonly string[],
): Promise<Map<string, InstanceFacts>> {
  const facts = new Map<string, InstanceFacts>();
  for (let first = 0; first < ids.length; first += READ_AT_ONCE) {
    for (const instance of await readInstances(access, ids.slice(first, first + READ_AT_ONCE))) {
      if (instance === undefined || instance.kind === 'order') continue;
      const isPayPerUse = isOnDemand(instance) ?? (sellsByUse(channel) ? undefined : false);
      const releasedAt = await releaseOf(access, instance);
      facts.set(instance.id, { createdAt: instance.createdAt, releasedAt, isPayPerUse });
    }
  }
  return facts;
}

/** Its first release: from then on nothing is used. */
async function releaseOf(access: ChannelAccess, { id, state }: Instance): Promise<number | undefined> {
  if (state !== 'released') return undefined;
  return (await readTasks(access, id)).find(({ type }) => type === 'instance.release')?.at;
}

/** As its own line of the queried order says it; undefined if nothing is known of that. */
function isOnDemand({ order, orderLineId }: Instance): boolean | undefined {
  const lines = Array.isArray(order?.orderLine) ? (order.orderLine as Record<string, unknown>[]) : [];
  // The query names the line, so an answer with one has that one.
  const line = lines.length === 1 ? lines[0] : lines.find((each) => each.orderLineId === orderLineId);
  return typeof line?.chargingMode === 'string' ? line.chargingMode === 'ON_DEMAND' : undefined;
}
