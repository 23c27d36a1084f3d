/** A probe of a seller's endpoint by calls that look real: orders come to be there, live a whole life and are released. */

import { isV1 } from '../../koogallery/protocol/answer-problems.ts';
import type { ResultCode } from '../../koogallery/protocol/result-codes.ts';
import { checkAnswer } from './answer-checks.ts';
import type { BelievedOrder, MarketEvent } from './belief.ts';
import {
  checkCode,
  checkSameAccess,
  checkSameInstance,
  describeCode,
  type Expectation,
} from './case-checks.ts';
import { type Finding, findingOf } from './checks.ts';
import { type LifeTerms, type PlannedCall, planLife } from './life.ts';
import { type CallOptions, type Exchange, SimulatedMarketplace } from './marketplace.ts';
import { MESSAGES } from './messages.ts';
import { checkAddress, type ProbeOptions, REPEAT_DEFAULT } from './probe.ts';
import { countResults, Findings, type ProbeReport } from './report.ts';
import { randomOf, shuffled } from './shuffle.ts';

export interface LiveProbeOptions extends ProbeOptions {
  /** Orders whose lives run at the same time; default `liveOrderCount`. */
  lives?: number;
}

/** How its orders begin, so that a seller can tell them. */
export const LIVE_ORDER_PREFIX = 'PROBE-';
const SHUFFLED_LIVES = 3;

/** How many orders a live probe makes. */
export const liveOrderCount = ({ shuffle }: Pick<ProbeOptions, 'shuffle'>): number =>
  shuffle === undefined ? 1 : SHUFFLED_LIVES;

export async function probeLive(options: LiveProbeOptions): Promise<ProbeReport> {
  const run = new LiveRun(options);
  await run.live();
  return run.report();
}

/** After a release nobody can say more than that it is not there; some say it in other words. */
const GONE: ResultCode = '000003';
const GONE_TOO: readonly ResultCode[] = ['000002', '000004', '000103'];
const ZERO: CallOptions = { variation: { testFlag: '0' } };
/** Kits that can take away what they gave. */
const DELETING_KITS = ['kit.tenant', 'kit.auth', 'kit.org'] as const;

interface Life {
  order: BelievedOrder;
  plan: PlannedCall[];
  events: Map<number, MarketEvent>;
}

class LiveRun {
  readonly #options: LiveProbeOptions;
  readonly #marketplace: SimulatedMarketplace;
  readonly #findings: Findings;
  readonly #startedAt = new Date();
  readonly #creates = new Map<BelievedOrder, Exchange[]>();
  #slowestMs = 0;

  constructor(options: LiveProbeOptions) {
    const { current, previous = '', kit = '' } = options.keys;
    this.#options = options;
    this.#marketplace = new SimulatedMarketplace({ ...options, orderPrefix: LIVE_ORDER_PREFIX });
    this.#findings = new Findings([current, previous, kit]);
    this.#findings.add('(all)', [checkAddress(options.endpoint)]);
  }

  async live(): Promise<void> {
    const { generation, keys, repeat = REPEAT_DEFAULT, shuffle, lives: count } = this.#options;
    const random = shuffle === undefined ? undefined : randomOf(shuffle);
    const terms: LifeTerms = { generation, hasKit: keys.kit !== undefined, repeat, random };
    const lives: Life[] = [];
    for (let made = 0; made < (count ?? liveOrderCount(this.#options)); made += 1) {
      const order = this.#marketplace.placeOrder();
      if (await this.#open(order)) lives.push({ order, plan: planLife(terms), events: new Map() });
    }
    // Each life keeps its own order; which of them goes on next is left to chance.
    const turns = lives.flatMap((life) => life.plan.map(() => life));
    const next = new Map(lives.map((life) => [life, 0]));
    for (const life of random ? shuffled(turns, random) : turns) {
      const index = next.get(life) ?? 0;
      next.set(life, index + 1);
      const planned = life.plan[index];
      if (planned !== undefined) await this.#perform(life, planned);
    }
    for (const [order, exchanges] of this.#creates) this.#compare(order, exchanges);
    for (const { order } of lives) await this.#deleteKits(order);
    await this.#askForUnknown();
  }

  report(): ProbeReport {
    const { endpoint, generation, shuffle } = this.#options;
    const activities = this.#findings.activities();
    const counts = countResults(activities);
    const orders = [...this.#marketplace.orders.values()];
    return {
      ...{ url: endpoint.href, generation, mode: 'live', startedAt: this.#startedAt.toISOString() },
      ...{ calls: this.#marketplace.calls, slowestMs: this.#slowestMs },
      ...(shuffle !== undefined && { shuffle }),
      activities,
      orders: orders.map((order) => ({
        ...{ orderId: order.orderId, state: order.state },
        instanceId: generation === 'license-v2' ? order.license : order.instanceId,
      })),
      ...{ counts, hasPassed: counts.fail === 0 },
    };
  }

  /** Buys, all calls at once as they may come, and waits until it can be used. @returns whether there is an instance */
  async #open(order: BelievedOrder): Promise<boolean> {
    const { generation, repeat = REPEAT_DEFAULT } = this.#options;
    if (MESSAGES[generation].create === undefined) return true;
    const event = this.#marketplace.event('create');
    // Both ways in which a real call is documented to be written.
    const calls = [{}, ZERO].flatMap((options) =>
      Array.from({ length: Math.ceil((repeat + 1) / 2) }, () => this.#call(order, event, options)),
    );
    const exchanges = await Promise.all(calls);
    for (const exchange of exchanges) this.#judge(exchange, { check: 'success', accepts: 'success' });
    this.#creates.set(order, exchanges);
    if (order.state === 'ordered') return false;
    if (MESSAGES[generation].query !== undefined) await this.#becomeReady(order);
    return true;
  }

  async #becomeReady(order: BelievedOrder): Promise<void> {
    const event = this.#marketplace.event('query');
    const last = await this.#marketplace.deliver(order, event);
    this.#add(last, [findingOf('ready', last.isTaken ? undefined : `${last.answer?.resultCode}`)]);
    if (!last.isTaken) return;
    for (const step of ['freeze', 'expire', 'release'] as const)
      if (MESSAGES[this.#options.generation][step] !== undefined)
        await this.#call(order, this.#marketplace.event(step), { isTest: true });
    const after = await this.#call(order, event);
    this.#judge(after, { check: 'untouched', accepts: 'success' });
  }

  async #perform({ order, events }: Life, planned: PlannedCall): Promise<void> {
    const { step, event: number, isRepeat, isAfterRelease } = planned;
    // That it does not become ready was said already.
    if (step === 'query' && order.state === 'opening') return;
    const event = events.get(number) ?? this.#marketplace.event(step);
    events.set(number, event);
    const exchange = await this.#call(order, event);
    if (step === 'create') this.#creates.get(order)?.push(exchange);
    const isLate = isAfterRelease && step !== 'release';
    const mayLack = exchange.message.isOptional || this.#options.generation === 'license-v2';
    const isGone = isLate && exchange.answer?.resultCode === GONE;
    this.#judge(exchange, {
      check: isRepeat ? 'repeat' : 'success',
      accepts: isGone ? [GONE] : 'success',
      tolerates: isLate ? GONE_TOO : mayLack ? ['000002', GONE] : [],
    });
  }

  /** A delete must succeed whether or not there is an instance. */
  async #deleteKits(order: BelievedOrder): Promise<void> {
    const { keys, generation } = this.#options;
    if (keys.kit === undefined || MESSAGES[generation]['kit.tenant'] === undefined) return;
    for (const step of DELETING_KITS) {
      const options = { variation: { fields: { flag: 0 } } };
      const exchange = await this.#call(order, this.#marketplace.event(step), options);
      this.#judge(exchange, { check: 'kit-delete', accepts: 'success' });
    }
  }

  #compare(order: BelievedOrder, exchanges: readonly Exchange[]): void {
    const [first] = exchanges;
    if (first === undefined) return;
    const findings = [checkSameInstance(exchanges)];
    if (isV1(this.#options.generation)) findings.push(checkSameAccess(exchanges, this.#options.keys.current));
    this.#findings.add(first.message.activity, findings);
    const told = exchanges.find(({ isTaken }) => isTaken)?.answer?.instanceId;
    if (typeof told === 'string') order.instanceId = told;
  }

  /** License 2.0 creates nothing, so there every code is one that the marketplace may have issued. */
  async #askForUnknown(): Promise<void> {
    const { generation } = this.#options;
    if (generation === 'license-v2') return;
    const stranger = new SimulatedMarketplace(this.#options).placeOrder();
    const exchange = await this.#call(stranger, this.#marketplace.event('refresh'));
    this.#judge(exchange, { check: 'unknown-instance', accepts: [GONE] });
    const zero = await this.#call(stranger, this.#marketplace.event('refresh'), ZERO);
    const isSame = zero.answer?.resultCode === exchange.answer?.resultCode;
    this.#add(zero, [findingOf('zero-flag', isSame ? undefined : describeCode(zero))]);
    await this.#deleteKits(stranger);
  }

  async #call(order: BelievedOrder, event: MarketEvent, options: CallOptions = {}): Promise<Exchange> {
    const exchange = await this.#marketplace.call(order, event, options);
    this.#slowestMs = Math.max(this.#slowestMs, exchange.outcome.elapsedMs);
    this.#add(exchange, checkAnswer(exchange, this.#options), 1);
    return exchange;
  }

  #judge(exchange: Exchange, expectation: Expectation): void {
    this.#add(exchange, [checkCode(exchange, expectation)]);
  }

  #add({ message }: Exchange, findings: readonly Finding[], calls = 0): void {
    this.#findings.add(message.activity, findings, calls);
  }
}
