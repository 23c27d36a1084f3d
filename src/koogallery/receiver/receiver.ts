/**
 * The seller's side of one channel: from the bytes of a call to the bytes of its answer. What a call asks for is written
 * down, and answered from what is written; nothing else is waited for, and nobody else is asked.
 */
import pTimeout from 'p-timeout';
import { type Logger, rarely, TROUBLE_EVERY_MS } from '../../logger.ts';
import type { Durable } from '../../redis/durable.ts';
import { addressesOf, type OpenChannel, sellsByUse } from '../channels.ts';
import { channelKeys } from '../keys.ts';
import { type Answer, resultAnswer } from '../protocol/answers.ts';
import { answerHeaders } from '../protocol/body-sign.ts';
import { debugAnswer } from '../protocol/debug-answer.ts';
import type { MarketplaceRequest } from '../protocol/intent.ts';
import { asciiJson } from '../protocol/json.ts';
import { parseRequest } from '../protocol/parse-request.ts';
import type { ResultCode } from '../protocol/result-codes.ts';
import { type Acceptance, type Accepted, accept } from '../registry/accept.ts';
import { type CallFacts, noteCall } from '../registry/note-call.ts';
import { readInstance } from '../registry/read-instance.ts';
import type { ChannelAccess } from '../registry/scripts.ts';
import { type Seal, sealOf } from '../seal.ts';
import { answerAccepted } from './answer-accepted.ts';
import { callFacts, strangerFacts } from './audit-line.ts';
import { type Changing, isUsableId, planChange, targetOf } from './change-of.ts';
import { sealFields } from './personal.ts';
import { answerQuery, type UsageOf } from './query.ts';
import type { Received, Reply } from './received.ts';
import { RedisClock } from './redis-clock.ts';
import { type Verified, verifyCall } from './verify-call.ts';

/** The longest that a call is thought about, in milliseconds; what is not answered then never will be. */
export const ANSWER_WITHIN_MS = 2_000;

export interface ReceiverOptions {
  channel: OpenChannel;
  redis: ChannelAccess['redis'];
  durable: Durable;
  /** Whether a Redis that may forget is good enough. */
  durability: 'durable' | 'relaxed';
  logger: Logger;
  /** Milliseconds since 1970. */
  now(): number;
  usageOf: UsageOf;
  /** Told of each task that was added: whoever works on them need not wait for the next look. */
  nudge?(channel: OpenChannel, instanceId: string, version: number): void;
}

/** A verified call on its way. */
interface Call {
  verified: Verified;
  facts: CallFacts;
  /** When it came, of `performance.now()`. */
  startedAt: number;
}

export class Receiver {
  readonly channel: OpenChannel;
  readonly #options: ReceiverOptions;
  readonly #access: ChannelAccess;
  readonly #seal: Seal;
  readonly #clock = new RedisClock();

  /** Without Redis every call fails, and anybody can send what is refused: the log must not grow by all of them. */
  readonly #tellFailure = rarely(TROUBLE_EVERY_MS, (fields: Record<string, string>) => {
    const facts = { event: 'koogallery_failed', channel: this.channel.slug, ...fields };
    this.#options.logger.error(facts, 'calls of the marketplace cannot be answered');
  });
  readonly #tellStranger = rarely(TROUBLE_EVERY_MS, (fields: Record<string, string>) => {
    const facts = { event: 'koogallery_unverified', channel: this.channel.slug, ...fields };
    this.#options.logger.warn(facts, 'calls come that the marketplace has not signed');
  });

  constructor(options: ReceiverOptions) {
    this.channel = options.channel;
    this.#options = options;
    this.#access = { redis: options.redis, slug: options.channel.slug };
    this.#seal = sealOf(options.channel);
  }

  /** Answers a call, in two seconds at most. */
  async answer(received: Received): Promise<Reply> {
    const startedAt = performance.now();
    const verified = verifyCall(this.channel, received, this.#options.now());
    if (!verified.isValid) {
      return this.#turnAway(strangerFacts(received, verified.reason), '000001');
    }
    const parsing = parseRequest({
      ...{ generation: this.channel.generation, entrance: verified.entrance },
      ...{ activity: verified.activity, params: verified.params, sellsPayPerUse: sellsByUse(this.channel) },
    });
    const facts = callFacts(verified, parsing, performance.now() - startedAt);
    const isFit = parsing.ok && verified.duplicates.length === 0;
    const work = isFit
      ? () => this.#decide(parsing.request, { verified, facts, startedAt })
      : () => this.#refuse(facts, '000002');
    const answer = await this.#within(startedAt, work, facts);
    return this.#sign(answer ?? resultAnswer('000005'), verified.keyText);
  }

  /** The answer to what never became a call, such as one that is too long. */
  refuse(code: ResultCode, asked: Pick<Received, 'method' | 'path'>, reason: string): Promise<Reply> {
    return this.#turnAway(strangerFacts(asked, reason), code);
  }

  /** The line in the audit is tried for, but no reason to say something else. */
  async #turnAway(facts: CallFacts, code: ResultCode): Promise<Reply> {
    await this.#within(performance.now(), () => this.#note(facts, code), facts);
    return this.#sign(resultAnswer(code));
  }

  #sign(answer: Answer, key = this.channel.keys.current): Reply {
    const body = Buffer.from(asciiJson(answer), 'utf8');
    return { body, headers: answerHeaders(key, body), code: answer.resultCode };
  }

  /** @returns undefined if it failed, or took too long */
  async #within<T>(startedAt: number, work: () => Promise<T>, facts: CallFacts): Promise<T | undefined> {
    const milliseconds = Math.max(0, startedAt + ANSWER_WITHIN_MS - performance.now());
    try {
      return await pTimeout(work(), { milliseconds });
    } catch (error) {
      this.#tellFailure({ activity: facts.activity, ...facts.line, error: (error as Error).message });
      return undefined;
    }
  }

  #decide(request: MarketplaceRequest, call: Call): Promise<Answer> {
    if (request.isTest) return this.#debug(request, call);
    if (request.intent === 'query') return this.#query(request.instanceIds, call);
    const target = targetOf(request);
    if (target !== undefined && !isUsableId(target)) return this.#refuse(call.facts, unusableCode(request));
    if (request.intent === 'checkChange') return this.#checkChange(request.instanceId, call.facts);
    if (request.intent === 'license.getAsync' && this.#lacksEnd(request.expireAt))
      return this.#refuse(call.facts, '000902');
    return this.#change(request, call);
  }

  async #change(request: Changing, { verified, facts, startedAt }: Call): Promise<Answer> {
    const { channel, nudge } = this.#options;
    const fields = sealFields(this.#seal, request.fields, verified.keyText);
    const planning = { channel, seal: this.#seal, fields };
    const order = (isSecond: boolean) => ({
      ...{ ...planChange(request, planning, isSecond), fields, call: facts },
      deadline: this.#deadlineOf(startedAt),
    });
    const accepted = await this.#lasting(async () => {
      const first = await this.#accept(order(false));
      return first.verdict === 'taken' ? this.#accept(order(true)) : first;
    });
    if (accepted.verdict === 'late') throw new Error('it came to Redis too late');
    this.#log({ ...facts.line, activity: facts.activity, verdict: accepted.verdict }, accepted.code);
    if (accepted.verdict === 'accepted') nudge?.(channel, accepted.id, accepted.version);
    return answerAccepted(request, accepted, { ...planning, cipher: cipherOf(verified) });
  }

  async #accept(order: Acceptance): Promise<Accepted> {
    const sentAt = performance.now();
    const accepted = await accept(this.#access, order);
    this.#clock.learn(accepted.now, sentAt);
    return accepted;
  }

  #deadlineOf(startedAt: number): Acceptance['deadline'] {
    const at = this.#clock.at(startedAt + ANSWER_WITHIN_MS);
    return at === undefined ? undefined : { at, code: '000005' };
  }

  /** What is answered must not be forgotten by a crash of Redis. */
  async #lasting(write: () => Promise<Accepted>): Promise<Accepted> {
    const { durable, durability } = this.#options;
    const writes = await durable.begin(channelKeys(this.channel.slug).durable, durability);
    const accepted = await write();
    await writes.confirm();
    return accepted;
  }

  async #query(ids: readonly string[], { verified, facts }: Call): Promise<Answer> {
    const { channel, usageOf, now } = this.#options;
    const terms = { access: this.#access, channel, seal: this.#seal, usageOf, now: new Date(now()) };
    const answer = await answerQuery(ids, { ...terms, cipher: cipherOf(verified) });
    return this.#noted(facts, answer);
  }

  /**
   * Whether an instance may become another product. What a product allows is not in the call in any documented form, so
   * there is nothing to compare with what is used, and only what does not exist is refused.
   */
  async #checkChange(id: string, facts: CallFacts): Promise<Answer> {
    const instance = await readInstance(this.#access, id);
    const isThere = instance !== undefined && instance.kind !== 'order' && instance.state !== 'released';
    return this.#noted(facts, resultAnswer(isThere ? '000000' : '000003'));
  }

  #debug(request: MarketplaceRequest, { verified, facts }: Call): Promise<Answer> {
    const { channel, now } = this.#options;
    const answer = debugAnswer(request, {
      frontEndUrlOf: (id) => addressesOf(channel, id).frontEndUrl ?? '',
      cipher: cipherOf(verified),
      sellsPayPerUse: sellsByUse(channel),
      now: new Date(now()),
    });
    return this.#noted(facts, answer);
  }

  #refuse(facts: CallFacts, code: ResultCode): Promise<Answer> {
    return this.#noted(facts, resultAnswer(code));
  }

  /** The answer, unless its nonce turns out to be that of another call. */
  async #noted(facts: CallFacts, answer: Answer): Promise<Answer> {
    const code = await this.#note(facts, answer.resultCode);
    return code === answer.resultCode ? answer : resultAnswer('000001');
  }

  async #note(facts: CallFacts, code: ResultCode): Promise<string> {
    const noted = await noteCall(this.#access, facts, { code, replayed: '000001' });
    if (facts.isStranger) this.#tellStranger({ ...facts.line });
    else this.#log({ ...facts.line, activity: facts.activity }, noted);
    return noted;
  }

  #lacksEnd(expireAt: Date | undefined): boolean {
    return expireAt === undefined && this.channel.chargingModes.every((mode) => mode === 'period');
  }

  /** What goes well is in the audit, and many calls a second go well. */
  #log(fields: Record<string, string>, code: string): void {
    const level = code === '000000' || code === '000004' ? 'debug' : 'warn';
    const facts = { event: 'koogallery_call', channel: this.channel.slug, code, ...fields };
    this.#options.logger[level](facts, 'a call of the marketplace was answered');
  }
}

/** The key under which the request came is the one under which its sender reads. */
function cipherOf({ keyText }: Verified) {
  return { key: keyText, encryptType: '1' } as const;
}

/** Nothing of ours has such an id; a license that the marketplace has issued might, and cannot be kept. */
function unusableCode(request: MarketplaceRequest): ResultCode {
  return 'refersBy' in request && request.refersBy === 'license' ? '000002' : '000003';
}
