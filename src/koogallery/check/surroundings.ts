/** What a channel needs besides the address: the clock of the marketplace, its open APIs, the webhook, and workers. */
import type { ProxySettings } from '../../alibaba/proxy.ts';
import { reach, whyUnreached } from '../../alibaba/reach.ts';
import { AppError } from '../../errors.ts';
import { LifecycleQueue } from '../../queue/lifecycle-queue.ts';
import type { RedisClient } from '../../redis/connect.ts';
import { channelPrefix } from '../../redis/keys.ts';
import { plural } from '../../text.ts';
import { type OpenChannel, ORIGINS } from '../channels.ts';
import { openApiClient } from '../openapi/open-client.ts';
import { type MOCK_ORDERS, mockOrderLine, queryOrder } from '../openapi/order-query.ts';
import { bad, type CheckFinding, note, ok } from './check-finding.ts';
import { judgeClock, unknownClock } from './clocks.ts';

const WITHIN_MS = 10_000;

/** Orders of the marketplace's that exist for everybody: to ask about one changes nothing. */
const MOCK_ORDER = {
  period: 'MOCKPERIODYEARNEW',
  'one-time': 'MOCKONETIMENEW',
  'on-demand': 'MOCKONDEMAND',
  'on-demand-package': 'MOCKONDEMANDPKG',
} as const satisfies Record<OpenChannel['chargingModes'][number], (typeof MOCK_ORDERS)[number]>;

export interface Way {
  proxy: ProxySettings | undefined;
  /** Of this machine, in milliseconds since 1970. */
  now: () => number;
}

/** By the header Date of its open APIs, which has whole seconds. */
export async function checkMarketplaceClock(
  channel: OpenChannel,
  { proxy, now }: Way,
): Promise<CheckFinding> {
  const origin = channel.openApi?.origin ?? ORIGINS[channel.site];
  const whose = 'marketplace';
  try {
    const askedAt = now();
    const { date = '' } = await reach(origin, { proxy, withinMs: WITHIN_MS });
    const theirs = Date.parse(date);
    if (Number.isNaN(theirs)) return unknownClock(channel.slug, whose, `${origin} tells no date`);
    return judgeClock(channel.slug, whose, roundedOff((askedAt + now()) / 2 - theirs));
  } catch (error) {
    return unknownClock(channel.slug, whose, `${origin}: ${whyUnreached(error)}`);
  }
}

/** Half a second either way is the header's. */
export function roundedOff(offMs: number): number {
  return Math.trunc((offMs - 500) / 1_000) * 1_000;
}

export async function checkOpenApi(channel: OpenChannel, { proxy }: Way): Promise<CheckFinding[]> {
  const { openApi, slug, chargingModes } = channel;
  if (openApi === undefined) return [];
  const orderId = MOCK_ORDER[chargingModes[0] ?? 'period'];
  const said = { code: 'open_api', where: slug, what: 'open API' } as const;
  try {
    await queryOrder(openApiClient(openApi, proxy), { orderId, orderLineId: mockOrderLine(orderId) });
    return [ok({ ...said, text: `${openApi.origin} accepts the access key (asked about ${orderId})` })];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const text = error.message;
    if (error.code === 'MARKETPLACE_DENIED' || error.code === 'MARKETPLACE_UNREACHABLE')
      return [bad({ ...said, text }, error.hint)];
    const about = `${text} It says nothing of the access key`;
    return [note({ ...said, text: about }, `Ask about an order of your own; ${orderId} is one for tests.`)];
  }
}

/** Its host alone is asked, by a HEAD request that everything answers somehow: its path is for tasks. */
export async function checkWebhook(channel: OpenChannel, { proxy }: Way): Promise<CheckFinding> {
  const { slug, provision } = channel;
  const said = { code: 'webhook', where: slug, what: 'webhook' } as const;
  if (provision.kind === 'none') return ok({ ...said, text: 'none: an instance is ready at once' });
  if (provision.kind === 'chatapp')
    return ok({ ...said, text: `none: purchases become customers of the account ${provision.account}` });
  const { origin, protocol } = new URL(provision.url);
  try {
    await reach(origin, { proxy, withinMs: WITHIN_MS });
    if (protocol !== 'https:')
      return note({ ...said, text: `${origin} answers, without TLS` }, 'It is on this machine only.');
    return ok({ ...said, text: `${origin} answers, with a certificate that is trusted here` });
  } catch (error) {
    return bad(
      { ...said, text: `${origin} cannot be reached: ${whyUnreached(error)}` },
      'Start it, or correct provision.webhook; tasks wait until it answers.',
    );
  }
}

export async function checkWorkers(channel: OpenChannel, redis: RedisClient): Promise<CheckFinding> {
  const { slug } = channel;
  const said = { code: 'workers', where: slug, what: 'workers' } as const;
  const queue = new LifecycleQueue(redis, { slug, prefix: channelPrefix(slug) });
  const count = await queue.workers().finally(() => queue.close());
  const start = 'Start `onboard worker` with the same file of channels.';
  if (count === undefined) return note({ ...said, text: 'unknown: this Redis does not tell' }, start);
  if (count > 0) return ok({ ...said, text: `${plural(count, 'process', 'processes')} connected` });
  // Usage is reported by workers as well.
  const isSpared = channel.provision.kind === 'none' && channel.openApi === undefined;
  const text = 'none serves its tasks';
  return isSpared ? note({ ...said, text }, start) : bad({ ...said, text }, start);
}
