/**
 * Finds keys seen before, among millions, without keeping the keys: open addressing over 85 bits of each
 * key's digest, 16 bytes a slot. Two different keys among a million share them with probability 10^-14.
 */
import { hash } from 'node:crypto';

const FIRST_CAPACITY = 1 << 12;
const LOAD_MAX = 0.7;

export class FirstSeen {
  #capacity = FIRST_CAPACITY;
  #size = 0;
  #high = new Float64Array(FIRST_CAPACITY);
  #low = new Uint32Array(FIRST_CAPACITY);
  #lines = new Uint32Array(FIRST_CAPACITY);

  /** @returns the line on which the key was first seen; undefined if this is the first time. */
  add(key: string, line: number): number | undefined {
    const digest = hash('md5', key, 'buffer');
    // 53 bits fit a double exactly; zero marks a free slot.
    const high = digest.readUInt32LE(0) * 2 ** 21 + (digest.readUInt32LE(4) >>> 11) || 1;
    const low = digest.readUInt32LE(8);
    const slot = this.#find(high, low);
    if (this.#high[slot] !== 0) return this.#lines[slot];
    this.#set(slot, high, low, line);
    if (++this.#size > this.#capacity * LOAD_MAX) this.#grow();
    return undefined;
  }

  #find(high: number, low: number): number {
    let slot = low & (this.#capacity - 1);
    while (this.#high[slot] !== 0 && !(this.#high[slot] === high && this.#low[slot] === low))
      slot = (slot + 1) & (this.#capacity - 1);
    return slot;
  }

  #set(slot: number, high: number, low: number, line: number): void {
    this.#high[slot] = high;
    this.#low[slot] = low;
    this.#lines[slot] = line;
  }

  #grow(): void {
    const [highs, lows, lines] = [this.#high, this.#low, this.#lines];
    this.#capacity *= 2;
    this.#high = new Float64Array(this.#capacity);
    this.#low = new Uint32Array(this.#capacity);
    this.#lines = new Uint32Array(this.#capacity);
    for (const [slot, high] of highs.entries())
      if (high !== 0)
        this.#set(this.#find(high, lows[slot] as number), high, lows[slot] as number, lines[slot] as number);
  }
}
