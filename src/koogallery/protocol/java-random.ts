/** Java's `SHA1PRNG`, from which V1.0 derives its AES keys (docs/koogallery-sources.md). Pure. */
import { sha1 } from './hmac.ts';

/** Bytes of one step. */
const BLOCK = 20;

/**
 * The first bytes of `SecureRandom.getInstance("SHA1PRNG")` after a single `setSeed(seed)`, in closed form: each block is
 * the SHA-1 of the state, and the state becomes `state + block + 1`.
 * @param length in bytes
 */
export function javaSha1Prng(seed: Uint8Array, length: number): Buffer {
  const blocks: Buffer[] = [];
  let state = sha1(seed);
  for (let made = 0; made < length; made += BLOCK) {
    const block = sha1(state);
    blocks.push(block);
    state = nextState(state, block);
  }
  return Buffer.concat(blocks).subarray(0, length);
}

/** Java adds signed bytes, lowest index first, and carries what is over: a carry may be negative. */
function nextState(state: Buffer, block: Buffer): Buffer {
  const next = Buffer.alloc(BLOCK);
  let carry = 1;
  for (let i = 0; i < BLOCK; i += 1) {
    const sum = state.readInt8(i) + block.readInt8(i) + carry;
    next[i] = sum & 0xff;
    carry = sum >> 8;
  }
  // A state that stands still would repeat itself for ever.
  if (next.equals(state)) next[0] = (next.readUInt8(0) + 1) & 0xff;
  return next;
}
