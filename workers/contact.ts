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
const UNCLEAR_MS = 2_000;
/** What failed, or was answered, longer ago than this says nothing of now. In milliseconds. */
const SAME_WITHIN_MS = 60_000;

/** `here`: another process has had an answer since; `everywhere`: nobody has. */
export type Reach = 'here' | 'everywhere' | 'unclear';

export class Contact {
  readonly #access: { redis: RedisClient; account: string };
  /** Since when calls of a host fail here, and the last one that did: in milliseconds by the clock of Redis. */
  readonly #failing = new Map<PeerHost, { since: number; at: number }>();
  readonly #noteFrom = new Map<PeerHost, number>();

  constructor(access: { redis: RedisClient; account: string }) {
    this.#access = access;
  }

  /** The peer has answered this process. Not awaited: losing it makes others wait a little longer for a verdict. */
  noteAnswer(operation: Operation): void {
    const host = HOST_OF[operation];
    this.forget(host);
    const now = performance.now();
    if (now < (this.#noteFrom.get(host) ?? 0)) return;
    this.#noteFrom.set(host, now + NOTED_EVERY_MS);
    noteContact(this.#access, host).catch(() => undefined);
  }

  /** A connection came about: whatever fails from now on is another failure. */
  forget(host: PeerHost): void {
    this.#failing.delete(host);
  }

  /** After a call that could not be sent. */
  async judge(host: PeerHost): Promise<Reach> {
    const { now, last } = await readContact(this.#access, host);
    const before = this.#failing.get(host);
    // A clock that was set back starts it anew too.
    const isSame = before !== undefined && before.at <= now && now - before.at < SAME_WITHIN_MS;
    const since = isSame ? before.since : now;
    this.#failing.set(host, { since, at: now });
    const ago = now - last;
    if (ago < 0 || ago >= SAME_WITHIN_MS) return 'everywhere';
    if (last > since) return 'here';
    return ago < UNCLEAR_MS ? 'unclear' : 'everywhere';
  }
}
