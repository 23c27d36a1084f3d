/**
 * Whether calls that could not even be sent fail only in this process. Then they say nothing of the peer and must stay
 * out of the account's outage, which holds everybody.
 */
import { HOST_OF, noteContact, type PeerHost, readContact } from '../src/pace/contact.ts';
import type { Operation } from '../src/pace/outage-operations.ts';
import type { RedisClient } from '../src/redis/connect.ts';

/** An answer is noted at most this often, in milliseconds. */
const NOTED_EVERY_MS = 1_000;
/** If somebody had an answer this recently, it is too early to tell. In milliseconds. */
export const UNCLEAR_MS = 2_000;

/** `here`: another process has had an answer since; `everywhere`: nobody has. */
export type Reach = 'here' | 'everywhere' | 'unclear';

export class Contact {
  readonly #access: { redis: RedisClient; account: string };
  /** Since when calls of a host fail here, by the clock of Redis. */
  readonly #failingSince = new Map<PeerHost, number>();
  readonly #noteFrom = new Map<PeerHost, number>();

  constructor(access: { redis: RedisClient; account: string }) {
    this.#access = access;
  }

  /** The peer has answered this process. Not awaited: losing it makes others wait a little longer for a verdict. */
  noteAnswer(operation: Operation): void {
    const host = HOST_OF[operation];
    this.#failingSince.delete(host);
    const now = performance.now();
    if (now < (this.#noteFrom.get(host) ?? 0)) return;
    this.#noteFrom.set(host, now + NOTED_EVERY_MS);
    noteContact(this.#access, host).catch(() => undefined);
  }

  /** After a call that could not be sent. */
  async judge(host: PeerHost): Promise<Reach> {
    const { now, last } = await readContact(this.#access, host);
    const since = this.#failingSince.get(host) ?? now;
    // A clock that was set back must not leave it unclear for as long as it was set back.
    this.#failingSince.set(host, Math.min(since, now));
    if (last > since && last <= now) return 'here';
    return now - last < UNCLEAR_MS && last <= now ? 'unclear' : 'everywhere';
  }
}
