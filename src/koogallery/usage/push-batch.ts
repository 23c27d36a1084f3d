/**
 * Sends one batch of records, and writes down what became of each as soon as it is known. A refusal of a whole call names
 * no record, so the batch is halved until those that are refused stand alone; all others arrive.
 */

import type { Writes } from '../../redis/durable.ts';
import type { Outcome } from '../openapi/client.ts';
import {
  pushUsage,
  recordAnswers,
  spanOf,
  type UsagePushWay,
  type UsageToPush,
} from '../openapi/usage-push.ts';
import type { ChannelAccess } from '../registry/scripts.ts';
import { concludeUsage, type UsageResult, type UsageTrouble } from './conclude.ts';
import { hadBy } from './record-codes.ts';
import { type Turn, takeUsage } from './take.ts';
import type { UsageRecord } from './usage-record.ts';
import { formatUsageTime } from './windows.ts';

/** So many refusals of the form, and nothing accepted in between: then it is not the records. */
const REFUSALS_MAX = 64;
/** So many full calls are accepted before more records are tried: where the limit lasts, few calls are refused for it. */
export const FULL_CALLS_BEFORE_MORE = 16;
/** For so long, in milliseconds, a call that was accepted proves that the form of our calls is right. */
const PROVEN_MS = 3_600_000;
/** They are about an instance, so all of its records share them. */
const OF_INSTANCE: ReadonlySet<string | undefined> = new Set([
  'MKT.9001',
  'MKT.0150',
  'CBC.9001',
  'CBC.0150',
]);

export interface Pushing {
  access: ChannelAccess;
  turn: Turn;
  way: UsagePushWay;
  /** `Durable.begin`: to be called before records are taken. @throws AppError REDIS_NOT_DURABLE */
  begin(): Promise<Writes>;
  /**
   * Kept from batch to batch, and changed here: most records of one call, lowered where the marketplace takes fewer, and
   * raised again, never above `ceiling`, after so many `full` calls in a row; and when it last accepted any, on the clock of
   * this process, in milliseconds.
   */
  limits: { batchMax: number; readonly ceiling: number; full?: number; acceptedAt?: number };
  /** Ends a batch between two calls. */
  ending: AbortSignal;
}

export interface Pushed {
  /** Records that were taken; undefined if another process sends. */
  taken: number | undefined;
  received: number;
  abnormal: number;
  /** Why the rest is not sent now. */
  trouble?: UsageTrouble | undefined;
}

type Part = readonly UsageRecord[];

/** @throws AppError REDIS_NOT_DURABLE, NOT_DURABLE_YET: then nothing was sent */
export async function pushBatch(pushing: Pushing): Promise<Pushed> {
  const { access, turn, limits } = pushing;
  const writes = await pushing.begin();
  const taken = await takeUsage(access, turn, limits.batchMax);
  if (taken === undefined || taken.length === 0) return { taken: taken?.length, received: 0, abnormal: 0 };
  // What Redis forgot to have taken would be reported again as if for the first time, and its own number be taken for
  // another's.
  await writes.confirm().catch(async (error: unknown) => {
    await putBack(pushing, taken);
    throw error;
  });
  return new Batch(pushing, taken).run();
}

async function putBack({ access, turn }: Pushing, taken: Part): Promise<void> {
  const results = taken.map(({ meteringSn }) => ({ meteringSn, as: 'back' as const }));
  await concludeUsage(access, turn, { results });
}

class Batch {
  readonly #pushing: Pushing;
  /** Those of one instance stand together, so that halving finds an instance soon. */
  readonly #open: Part[];
  /** Refused alone for their form: theirs only if the form is right for others. */
  readonly #suspects: { record: UsageRecord; trouble: UsageTrouble }[] = [];
  readonly #pushed: Pushed & { taken: number };
  /** Numbers that an answer was lost of, though a later try of the same call was answered. */
  readonly #lost = new Set<string>();
  #refusals = 0;
  #trouble: UsageTrouble | undefined;

  constructor(pushing: Pushing, taken: Part) {
    this.#pushing = pushing;
    this.#open = [taken.toSorted((a, b) => (a.instanceId < b.instanceId ? -1 : 1))];
    this.#pushed = { taken: taken.length, received: 0, abnormal: 0 };
  }

  async run(): Promise<Pushed> {
    for (let part = this.#open.pop(); part !== undefined; part = this.#open.pop()) {
      if (this.#trouble !== undefined || this.#pushing.ending.aborted) {
        this.#open.push(part);
        break;
      }
      await this.#send(part);
    }
    await this.#end();
    return { ...this.#pushed, trouble: this.#trouble };
  }

  async #send(part: Part): Promise<void> {
    const outcome = await pushUsage(this.#pushing.way, part.map(toPush));
    const { verdict, code, mayBeRepeated } = outcome;
    if (mayBeRepeated) for (const { meteringSn } of part) this.#lost.add(meteringSn);
    const isOneInstance = part[0]?.instanceId === part.at(-1)?.instanceId;
    const isAlone = part.length === 1 || (isOneInstance && OF_INSTANCE.has(code));
    if (verdict === 'done') return this.#receive(part, outcome);
    if (verdict === 'again' || verdict === 'denied') return this.#stop(part, outcome);
    if (verdict === 'too-many' && part.length > 1) this.#lower(Math.ceil(part.length / 2));
    this.#refusals += 1;
    if (verdict !== 'content' && (part.length === 1 || this.#refusals > REFUSALS_MAX))
      this.#suspect(part, outcome);
    else if (isAlone)
      await this.#conclude(part.map(({ meteringSn }) => ({ meteringSn, as: 'abnormal', code })));
    else this.#open.push(part.slice(part.length / 2), part.slice(0, part.length / 2));
  }

  /** Received is not billed: what the answer says of single records counts, also of such as were sent before. */
  async #receive(part: Part, { body }: Outcome): Promise<void> {
    const sns = new Map(part.map((record) => [spanText(record), record.meteringSn]));
    const results = new Map<string, UsageResult>();
    for (const { meteringSn } of part) results.set(meteringSn, { meteringSn, as: 'received' });
    for (const { meteringSn: named, span = '', code } of recordAnswers(body)) {
      const meteringSn = named ?? sns.get(span);
      if (meteringSn === undefined) continue;
      const by = hadBy(code, this.#pushing.way.interface);
      const as = by === undefined ? 'abnormal' : by === 'number' ? 'hadNumber' : 'hadSpan';
      results.set(meteringSn, { meteringSn, as, code });
    }
    this.#refusals = 0;
    this.#pushing.limits.acceptedAt = performance.now();
    this.#raise(part.length);
    await this.#conclude([...results.values()]);
  }

  #lower(batchMax: number): void {
    Object.assign(this.#pushing.limits, { batchMax, full: 0 });
  }

  /** A limit may have been of the moment, or have been met by a part that was small for other reasons. */
  #raise(accepted: number): void {
    const { limits } = this.#pushing;
    if (accepted < limits.batchMax) return;
    const full = (limits.full ?? 0) + 1;
    const isProven = full === FULL_CALLS_BEFORE_MORE;
    limits.full = isProven ? 0 : full;
    if (isProven) limits.batchMax = Math.min(2 * limits.batchMax, limits.ceiling);
  }

  /** Nothing can be sent now. */
  async #stop(part: Part, outcome: Outcome): Promise<void> {
    this.#trouble = troubleOf(outcome);
    const as = outcome.mayBeDone ? 'lost' : 'back';
    await this.#conclude(part.map(({ meteringSn }) => ({ meteringSn, as })));
  }

  #suspect(part: Part, outcome: Outcome): void {
    const trouble = troubleOf(outcome);
    for (const record of part) this.#suspects.push({ record, trouble });
    if (this.#refusals > REFUSALS_MAX) this.#trouble = trouble;
  }

  async #end(): Promise<void> {
    const { acceptedAt = Number.NEGATIVE_INFINITY } = this.#pushing.limits;
    const isTheirs = performance.now() - acceptedAt < PROVEN_MS && this.#trouble === undefined;
    const suspects = this.#suspects.map(({ record: { meteringSn }, trouble }) =>
      isTheirs
        ? { meteringSn, as: 'abnormal' as const, code: trouble.code }
        : { meteringSn, as: 'back' as const },
    );
    if (!isTheirs) this.#trouble ??= this.#suspects[0]?.trouble;
    const rest = this.#open.flat().map(({ meteringSn }) => ({ meteringSn, as: 'back' as const }));
    if (suspects.length + rest.length > 0 || this.#trouble) await this.#conclude([...suspects, ...rest]);
  }

  async #conclude(results: UsageResult[]): Promise<void> {
    const { access, turn } = this.#pushing;
    const marked = results.map((each) =>
      this.#lost.delete(each.meteringSn) ? { ...each, wasLost: true } : each,
    );
    const concluded = await concludeUsage(access, turn, { results: marked, trouble: this.#trouble });
    this.#pushed.received += concluded.received;
    this.#pushed.abnormal += concluded.abnormal;
  }
}

const troubleOf = ({ code, message, status }: Outcome): UsageTrouble => ({
  code: code ?? (status === undefined ? 'no answer' : `HTTP ${status}`),
  message,
});

function toPush(record: UsageRecord): UsageToPush {
  return {
    meteringSn: record.meteringSn,
    instanceId: record.instanceId,
    recordTime: formatUsageTime(record.recordTime),
    beginTime: formatUsageTime(record.begin),
    endTime: formatUsageTime(record.end),
    value: record.value,
    relatedPackage: record.relatedPackage,
    productId: record.productId,
  };
}

const spanText = ({ instanceId, begin, end }: UsageRecord) =>
  spanOf(instanceId, formatUsageTime(begin), formatUsageTime(end));
