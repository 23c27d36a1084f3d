/** A probe of a seller's endpoint by debug calls (`testFlag=1`), which touch nothing real. */
import { isLoopbackHost } from '../../alibaba/loopback.ts';
import { checkAnswer } from './answer-checks.ts';
import type { BelievedOrder, MarketEvent } from './belief.ts';
import { checkBatch, checkCode, checkSameInstance } from './case-checks.ts';
import { type Finding, findingOf } from './checks.ts';
import { type Exchange, type MarketplaceTerms, SimulatedMarketplace } from './marketplace.ts';
import type { Step } from './message.ts';
import { MESSAGES, messageOf, stepsOf } from './messages.ts';
import { casesOf, endpointCases, type ProbeCase, plainCase } from './probe-cases.ts';
import { countResults, Findings, type ProbeReport } from './report.ts';
import { randomOf, shuffled } from './shuffle.ts';

export interface ProbeOptions extends MarketplaceTerms {
  /** Only this activity. */
  only?: string | undefined;
  /** How often each call is sent again; default 3. */
  repeat?: number;
  /** Seed of another order of calls. */
  shuffle?: number | undefined;
}

export const REPEAT_DEFAULT = 3;
/** After so many calls without any answer, nobody is there. */
const SILENT_CALLS_MAX = 3;

/** Debug calls of every activity, in every variation, and what must be refused. */
export async function probe(options: ProbeOptions): Promise<ProbeReport> {
  const run = new ProbeRun(options);
  const steps = probedSteps(options);
  const terms = { ...options, repeat: options.repeat ?? REPEAT_DEFAULT };
  const answering: Step[] = [];
  if (!steps.includes('create')) await run.prepare();
  for (const step of steps) if (await run.open(step)) answering.push(step);
  const cases = answering.flatMap((step) => casesOf(step, terms));
  const entrances = firstOfEach(answering, (step) => messageOf(options.generation, step).entrance);
  const all = [...cases, ...entrances.flatMap((step) => endpointCases(step, terms))];
  const { shuffle } = options;
  for (const each of shuffle === undefined ? all : shuffled(all, randomOf(shuffle))) await run.judge(each);
  return run.report();
}

/** The steps of a probe: joint operation only where there is a key for it. */
export function probedSteps({ generation, keys, only }: ProbeOptions): Step[] {
  return stepsOf(generation).filter(
    (step) =>
      (keys.kit !== undefined || !step.startsWith('kit.')) &&
      (only === undefined || messageOf(generation, step).activity === only),
  );
}

/** What is wrong with the address itself. A server on this machine need not be reachable for anybody else. */
export function checkAddress({ protocol, hostname }: URL): Finding {
  if (isLoopbackHost(hostname)) return findingOf('address', undefined);
  const isAddress = /^\[|^[\d.]+$/.test(hostname);
  const faults = [protocol !== 'https:' && 'no HTTPS', isAddress && 'an IP address'];
  return findingOf('address', faults.filter(Boolean).join(', ') || undefined);
}

class ProbeRun {
  readonly #options: ProbeOptions;
  readonly #marketplace: SimulatedMarketplace;
  readonly #order: BelievedOrder;
  readonly #findings: Findings;
  readonly #startedAt = new Date();
  #slowestMs = 0;
  #silent = 0;

  constructor(options: ProbeOptions) {
    const { current, previous = '', kit = '' } = options.keys;
    this.#options = options;
    this.#marketplace = new SimulatedMarketplace(options);
    this.#order = this.#marketplace.placeOrder();
    this.#findings = new Findings([current, previous, kit]);
    this.#findings.add('(all)', [checkAddress(options.endpoint)]);
  }

  /** The plain call of a step. @returns whether its other cases are worth a call */
  async open(step: Step): Promise<boolean> {
    const [exchange] = await this.judge(plainCase(step));
    if (exchange === undefined) return false;
    if (step === 'create') this.#learn(exchange);
    const { isTaken, message } = exchange;
    return isTaken || message.isOptional !== true || this.#options.only !== undefined;
  }

  /** An instance for steps that are about one, where creating it is not probed itself. */
  async prepare(): Promise<void> {
    const { generation } = this.#options;
    if (MESSAGES[generation].create === undefined) return;
    this.#learn(
      await this.#marketplace.call(this.#order, this.#marketplace.event('create'), { isTest: true }),
    );
  }

  async judge(each: ProbeCase): Promise<Exchange[]> {
    const exchanges: Exchange[] = [];
    const order = each.isUnseen ? this.#marketplace.placeOrder() : this.#order;
    const event = this.#marketplace.event(each.step);
    for (const variation of each.calls) {
      if (this.#stopped !== undefined) break;
      exchanges.push(await this.#call(order, event, variation));
    }
    const { generation } = this.#options;
    const judged = exchanges.slice(each.judgedFrom ?? 0);
    const findings = judged.map((exchange) => this.#checkCode(exchange, each));
    if (each.isBatch) findings.push(...judged.filter(({ isTaken }) => isTaken).map(checkBatch));
    if (each.isOneInstance) findings.push(checkSameInstance(judged));
    this.#findings.add(messageOf(generation, each.step).activity, findings);
    return exchanges;
  }

  report(): ProbeReport {
    const { endpoint, generation, shuffle } = this.#options;
    const activities = this.#findings.activities();
    const counts = countResults(activities);
    const stopped = this.#stopped;
    return {
      ...{ url: endpoint.href, generation, mode: 'debug', startedAt: this.#startedAt.toISOString() },
      ...{ calls: this.#marketplace.calls, slowestMs: this.#slowestMs },
      ...(shuffle !== undefined && { shuffle }),
      ...(stopped !== undefined && { stopped }),
      ...{ activities, orders: [], counts, hasPassed: counts.fail === 0 },
    };
  }

  #learn({ answer, isTaken }: Exchange): void {
    if (isTaken && typeof answer?.instanceId === 'string') this.#order.instanceId = answer.instanceId;
  }

  get #stopped(): string | undefined {
    return this.#silent >= SILENT_CALLS_MAX ? `${SILENT_CALLS_MAX} calls in a row had no answer` : undefined;
  }

  async #call(order: BelievedOrder, event: MarketEvent, variation: Exchange['variation']): Promise<Exchange> {
    const exchange = await this.#marketplace.call(order, event, { isTest: true, variation });
    const { outcome, message } = exchange;
    this.#slowestMs = Math.max(this.#slowestMs, outcome.elapsedMs);
    this.#silent = outcome.answer === undefined ? this.#silent + 1 : 0;
    this.#findings.add(message.activity, checkAnswer(exchange, this.#options), 1);
    return exchange;
  }

  /** A seller may leave out what its products do not need, unless it was asked for by name. */
  #checkCode(exchange: Exchange, each: ProbeCase): Finding {
    const isSpared =
      exchange.message.isOptional && this.#options.only === undefined && each.check === 'success';
    return checkCode(exchange, isSpared ? { ...each, tolerates: ['000002'] } : each);
  }
}

function firstOfEach<T, K>(list: readonly T[], keyOf: (value: T) => K): T[] {
  const first = new Map<K, T>();
  for (const each of list) if (!first.has(keyOf(each))) first.set(keyOf(each), each);
  return [...first.values()];
}
