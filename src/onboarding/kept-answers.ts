/**
 * Answers of the HTTP API to requests that may be repeated, for a day. Whoever begins one holds it for some seconds and
 * renews that; if its process dies, the request may be begun again. What a request brought into a ledger is found there,
 * by its request key; so a lost answer costs nothing but the work.
 */
import { randomUUID } from 'node:crypto';
import type { RedisClient } from '../redis/connect.ts';
import { answerKey } from '../redis/keys.ts';
import { beginAnswerScript } from './begin-answer.ts';
import { endAnswerScript } from './end-answer.ts';

const HOLD_MS = 10_000;
const RENEW_EVERY_MS = 3_000;
const KEPT_MS = 86_400_000;

export interface KeptRequest {
  /** Digest of who asks for what under which key. */
  request: string;
  /** Digest of the body. */
  body: string;
}

export interface BegunAnswer {
  /** @param answer undefined if repeating the request should do it anew */
  end(answer: string | undefined): Promise<void>;
}

export type Beginning =
  | { is: 'begun'; begun: BegunAnswer }
  | { is: 'answered'; answer: string }
  /** By another request, which is given up in so many milliseconds unless it goes on. */
  | { is: 'running'; waitMs: number }
  /** The key was used with another body. */
  | { is: 'other' };

export class KeptAnswers {
  readonly #redis: RedisClient;
  readonly #holdMs: number;

  constructor(redis: RedisClient, { holdMs = HOLD_MS } = {}) {
    this.#redis = redis;
    this.#holdMs = holdMs;
  }

  async begin(asked: KeptRequest): Promise<Beginning> {
    const token = randomUUID();
    const { verdict, waitMs, answer } = await this.#hold(asked, token);
    if (verdict === 'answered') return { is: verdict, answer };
    if (verdict === 'running') return { is: verdict, waitMs };
    if (verdict === 'other') return { is: verdict };
    // What cannot be renewed lapses, and is begun again by whoever repeats it.
    const renewing = setInterval(() => this.#hold(asked, token).catch(() => undefined), RENEW_EVERY_MS);
    renewing.unref();
    const end = async (kept: string | undefined) => {
      clearInterval(renewing);
      await endAnswerScript.run(this.#redis, [answerKey(asked.request)], [token, kept ?? '', KEPT_MS]);
    };
    return { is: 'begun', begun: { end } };
  }

  #hold({ request, body }: KeptRequest, token: string) {
    return beginAnswerScript.run(
      this.#redis,
      [answerKey(request)],
      [token, body, Math.round(this.#holdMs), KEPT_MS],
    );
  }
}
