/**
 * Which agreements are needed, in a space that is the same for a thousand rows and for ten million: a Bloom filter. It
 * knows every agreement that was added. It may take another for one of them (1 of 100,000 at a million agreements, 1 of
 * 25 at ten million), and then a file stays that could go.
 */
const BYTES = 2 ** 23;
/** Bits of a digest that name one bit of the filter. */
const NAME_BITS = 26;
const WORD_BITS = 32;
/** A digest is evenly spread, so each of its first words serves as a hash of its own. */
const WORDS = 4;
const WORD_DIGITS = 8;

export class NeededAgreements {
  readonly #bits = new Uint8Array(BYTES);

  add(sha256: string): void {
    for (const name of namesOf(sha256))
      this.#bits[name >>> 3] = (this.#bits[name >>> 3] ?? 0) | (1 << (name & 7));
  }

  /** True for everything that was added. */
  mayHave(sha256: string): boolean {
    return namesOf(sha256).every((name) => ((this.#bits[name >>> 3] ?? 0) & (1 << (name & 7))) !== 0);
  }
}

function namesOf(sha256: string): number[] {
  return Array.from({ length: WORDS }, (_, index) => {
    const word = Number.parseInt(sha256.slice(index * WORD_DIGITS, (index + 1) * WORD_DIGITS), 16);
    return word >>> (WORD_BITS - NAME_BITS);
  });
}
